"""The Jupyter project's kernel tests, and what its clients do, against the
installed kernelspec: conformance.py, with JUPYTER_PATH set to find it."""
import sys
import unittest

import jupyter_kernel_test
import nbformat
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

WAIT = 120


class Suite(jupyter_kernel_test.KernelTests):
    kernel_name = "hpgo"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = 'fmt.Println("hello, world")'
    code_stderr = 'import "os"\nfmt.Fprintln(os.Stderr, "oops")'
    complete_code_samples = ["x := 1", "func f() int { return 1 }", "1 +\n 2", "for i := range 3 {\n\t_ = i\n}", "// only a comment"]
    incomplete_code_samples = ["func f() int {", "fmt.Println(", "1 +", "x := `raw", "if true {\n"]
    invalid_code_samples = ["}", "x := )", "func ) {}"]
    code_generate_error = "undefinedName"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": '"a" + "b"', "result": '"ab"'},
        {"code": "[]int{1, 2}", "result": "[]int{1, 2}"},
    ]
    code_display_data = [
        {"code": 'import "hpgo/kernel/display"\ndisplay.Show(display.HTML("<b>bold</b>"))', "mime": "text/html"},
        {"code": 'display.Show(display.Markdown("*it*"))', "mime": "text/markdown"},
    ]
    code_clear_output = "display.Clear(false)"
    code_history_pattern = "6 ? 7"
    supported_history_operations = ("tail", "range", "search")


class Clients(unittest.TestCase):
    def test_nbclient(self):
        nb = nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_code_cell("type point struct{ x, y int }\np := point{3, 4}"),
                nbformat.v4.new_code_cell("func (q point) norm() int { return q.x*q.x + q.y*q.y }"),
                nbformat.v4.new_code_cell('fmt.Println("äöü")\np.norm()'),
            ]
        )
        NotebookClient(nb, kernel_name="hpgo", timeout=WAIT).execute()
        self.assertEqual([c.execution_count for c in nb.cells], [1, 2, 3])
        out = nb.cells[2].outputs
        self.assertEqual(out[0].text, "äöü\n")
        self.assertEqual(out[1].data["text/plain"], "25")
        self.assertEqual(nb.metadata.language_info.name, "go")

    def test_errors_and_queue(self):
        km, kc = start_new_kernel(kernel_name="hpgo", startup_timeout=WAIT)
        try:
            failing = kc.execute("undefinedName")
            queued = kc.execute("1")
            replies = {}
            while len(replies) < 2:
                reply = kc.get_shell_msg(timeout=WAIT)
                replies[reply["parent_header"]["msg_id"]] = reply["content"]
            self.assertEqual(replies[failing]["ename"], "CompileError")
            self.assertIn("undefined: undefinedName", replies[failing]["evalue"])
            self.assertEqual(replies[queued]["status"], "aborted")
        finally:
            kc.stop_channels()
            km.shutdown_kernel()

    def test_restart(self):
        km, kc = start_new_kernel(kernel_name="hpgo", startup_timeout=WAIT)
        try:
            kc.execute_interactive("kept := 1", timeout=WAIT)
            km.restart_kernel()
            kc.wait_for_ready(timeout=WAIT)
            reply = kc.execute_interactive("kept", timeout=WAIT, output_hook=lambda m: None)
            self.assertEqual(reply["content"]["status"], "error")
        finally:
            kc.stop_channels()
            km.shutdown_kernel()


if __name__ == "__main__":
    unittest.main(verbosity=2)

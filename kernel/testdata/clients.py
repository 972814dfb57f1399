"""What the Jupyter project's clients and papermill do with the installed
kernelspec: clients.py, with JUPYTER_PATH set to find it."""
import glob
import os
import subprocess
import sys
import tempfile
import unittest

import nbformat
import papermill
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

WAIT = 120
KERNELSPEC = {"name": "hpgo", "display_name": "Go (hpgo)", "language": "go"}


def notebook(*cells):
    return new_notebook(cells=list(cells), metadata={"kernelspec": KERNELSPEC})


def tagged(code):
    return new_code_cell(code, metadata={"tags": ["parameters"]})


def texts(nb):
    """What each cell shows as text, last output only."""
    shown = []
    for c in nb.cells:
        out = c.outputs[-1] if c.get("outputs") else {}
        shown.append(out.get("text") or out.get("data", {}).get("text/plain"))
    return shown


class Clients(unittest.TestCase):
    def test_nbclient(self):
        nb = new_notebook(
            cells=[
                new_code_cell("type point struct{ x, y int }\np := point{3, 4}"),
                new_code_cell("func (q point) norm() int { return q.x*q.x + q.y*q.y }"),
                new_code_cell('fmt.Println("äöü")\np.norm()'),
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

    def test_nbconvert(self):
        with tempfile.TemporaryDirectory() as place:
            path = os.path.join(place, "in.ipynb")
            nbformat.write(notebook(new_code_cell("x := 6"), new_code_cell("fmt.Println(x*7, \"äöü\")")), path)
            command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html", path]
            done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT)
            self.assertEqual(done.returncode, 0, done.stderr)
            with open(os.path.join(place, "in.html"), encoding="utf-8") as f:
                self.assertIn("42 äöü", f.read())

    def test_papermill(self):
        """papermill has no parameters for Go; what it writes for C# is Go, too."""
        with tempfile.TemporaryDirectory() as place:
            path, out = os.path.join(place, "in.ipynb"), os.path.join(place, "out.ipynb")
            nbformat.write(
                notebook(
                    tagged("n, name, rate, loud := 1, \"nobody\", 0.5, false"),
                    new_code_cell("fmt.Println(n, name, rate, loud)\nn * 2"),
                ),
                path,
            )
            papermill.execute_notebook(path, out, progress_bar=False)
            self.assertEqual(texts(nbformat.read(out, 4)), [None, "2"])
            papermill.execute_notebook(
                path,
                out,
                parameters={"n": 21, "name": 'a "b"\n', "rate": -2.5, "loud": True},
                language=".net-csharp",
                progress_bar=False,
            )
            nb = nbformat.read(out, 4)
            self.assertEqual(texts(nb), [None, None, "42"])
            self.assertEqual(nb.cells[2].outputs[0].text, '21 a "b"\n -2.5 true\n')

    def test_run(self):
        """jupyter run hands the names of its files on to the kernel."""
        with tempfile.TemporaryDirectory() as place:
            path = os.path.join(place, "script.go")
            with open(path, "w") as f:
                f.write("x := 6\nfmt.Println(x * 7)\n")
            command = [sys.executable, "-m", "jupyter_client.runapp", "--kernel=hpgo", path]
            done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT)
            self.assertEqual((done.returncode, done.stdout), (0, "42\n"), done.stderr)

    def test_restarts(self):
        """Restarts forget the variables and leave nothing behind."""
        km, kc = start_new_kernel(kernel_name="hpgo", startup_timeout=WAIT)
        try:
            before = None
            for i in range(4):
                kc.execute_interactive("kept := 1", timeout=WAIT)
                km.restart_kernel(now=i % 2 == 1)
                kc.wait_for_ready(timeout=WAIT)
                reply = kc.execute_interactive("kept", timeout=WAIT, output_hook=lambda m: None)
                self.assertEqual(reply["content"]["status"], "error")
                self.assertEqual(len(glob.glob(os.path.join(tempfile.gettempdir(), "hpgo-*"))), 1)
                open_files = len(os.listdir("/proc/%d/fd" % km.provisioner.pid))
                before = before or open_files
                self.assertLessEqual(open_files, before + 2)
        finally:
            kc.stop_channels()
            km.shutdown_kernel()
        self.assertEqual(glob.glob(os.path.join(tempfile.gettempdir(), "hpgo-*")), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""The Jupyter project's kernel tests against the installed kernelspec:
conformance.py, with JUPYTER_PATH set to find it."""
import unittest

import jupyter_kernel_test


class Suite(jupyter_kernel_test.KernelTests):
    kernel_name = "hpgo"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = 'fmt.Println("hello, world")'
    code_stderr = 'import "os"\nfmt.Fprintln(os.Stderr, "oops")'
    completion_samples = [
        {"text": "strings.HasPre", "matches": ["HasPrefix"]},
        {"text": "fmt.Sprint", "matches": ["Sprint", "Sprintf", "Sprintln"]},
        {"text": "%who", "matches": ["%who", "%whos"]},
        {"text": "len"},
        {"text": ""},
        {"text": "日本 := ; nothing.ofTheKind"},
    ]
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
    code_inspect_sample = "strings.HasPrefix"
    code_page_something = "strings.HasPrefix?"
    code_history_pattern = "6 ? 7"
    supported_history_operations = ("tail", "range", "search")


class Welcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "hpgo"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main(verbosity=2)

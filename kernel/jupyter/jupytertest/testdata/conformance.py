"""Runs the Jupyter project's kernel tests and a few of our own against the fake
kernel: conformance.py DIR, where DIR/kernels/fake/kernel.json starts it."""
import os
import signal
import subprocess
import sys
import time
import unittest

os.environ["JUPYTER_PATH"] = sys.argv.pop(1)

import jupyter_kernel_test
from jupyter_client.manager import KernelManager, start_new_kernel

WAIT = 60


class Suite(jupyter_kernel_test.KernelTests):
    kernel_name = "fake"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = "print hello, world"
    code_stderr = "eprint oops"
    completion_samples = [{"text": "pri", "matches": {"print"}}, {"text": "zzz", "matches": set()}]
    complete_code_samples = ["f()"]
    incomplete_code_samples = ["for {"]
    invalid_code_samples = ["}}"]
    code_generate_error = "fail no"
    code_execute_result = [{"code": "value 6", "result": "6"}, {"code": "value 7", "result": "7"}, {"code": "value 6", "result": "6"}]
    code_clear_output = "clear"
    code_display_data = [{"code": "html <b>x</b>", "mime": "text/html"}]
    code_inspect_sample = "print"
    code_history_pattern = "value 6*"
    supported_history_operations = ("tail", "range", "search")


class Ours(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.km, cls.kc = start_new_kernel(kernel_name="fake")

    @classmethod
    def tearDownClass(cls):
        cls.kc.stop_channels()
        cls.km.shutdown_kernel()

    def run_cell(self, code, **kw):
        """The reply and the iopub messages up to idle."""
        messages = []
        reply = self.kc.execute_interactive(code, timeout=WAIT, output_hook=messages.append, **kw)
        return reply, messages

    def test_input(self):
        asked = []

        def answer(msg):
            asked.append((msg["content"]["prompt"], msg["content"]["password"]))
            self.kc.input("gopher")

        reply, messages = self.run_cell("input Name:\npassword Pin:", allow_stdin=True, stdin_hook=answer)
        self.assertEqual(reply["content"]["status"], "ok")
        self.assertEqual(asked, [("Name:", False), ("Pin:", True)])
        text = "".join(m["content"]["text"] for m in messages if m["msg_type"] == "stream")
        self.assertEqual(text, "got gopher\ngot gopher\n")

    def test_flood(self):
        _, messages = self.run_cell("bytes 20000000")
        text = "".join(m["content"]["text"] for m in messages if m["msg_type"] == "stream")
        lines = text.splitlines()
        self.assertEqual(len(lines), 200000)
        self.assertTrue(all(line.startswith("%09d ü" % i) for i, line in enumerate(lines)))

    def test_displays(self):
        _, messages = self.run_cell("displays 3000")
        shown = [m["content"]["data"]["text/plain"] for m in messages if m["msg_type"] == "display_data"]
        self.assertEqual(shown, [str(i) for i in range(3000)])

    def test_interrupt(self):
        msg_id = self.kc.execute("block")
        queued = self.kc.execute("print never")
        self.until_running(msg_id)
        self.km.interrupt_kernel()
        replies = {}
        while len(replies) < 2:
            reply = self.kc.get_shell_msg(timeout=WAIT)
            replies[reply["parent_header"]["msg_id"]] = reply["content"]
        self.assertEqual(replies[msg_id]["ename"], "Interrupted")
        self.assertEqual(replies[queued]["status"], "aborted")
        self.assertEqual(self.run_cell("print x")[0]["content"]["status"], "ok")

    def until_running(self, msg_id):
        while True:
            msg = self.kc.get_iopub_msg(timeout=WAIT)
            if msg["msg_type"] == "execute_input" and msg["parent_header"]["msg_id"] == msg_id:
                return

    def test_control_while_running(self):
        msg_id = self.kc.execute("block")
        self.until_running(msg_id)
        info = self.kc.session.msg("kernel_info_request", {})
        self.kc.control_channel.send(info)
        reply = self.kc.get_control_msg(timeout=WAIT)
        self.assertEqual(reply["content"]["protocol_version"], "5.5")
        self.assertEqual(reply["parent_header"]["msg_id"], info["header"]["msg_id"])
        self.assertTrue(self.kc.hb_channel.is_beating())
        self.km.interrupt_kernel()
        self.assertEqual(self.kc.get_shell_msg(timeout=WAIT)["content"]["status"], "error")

    def test_shutdown_and_restart(self):
        km, kc = start_new_kernel(kernel_name="fake")
        self.assertEqual(kc.shutdown(reply=True, timeout=WAIT)["content"], {"status": "ok", "restart": False})
        for _ in range(WAIT * 10):
            if not km.is_alive():
                break
            time.sleep(0.1)
        self.assertFalse(km.is_alive())
        kc.stop_channels()
        km, kc = start_new_kernel(kernel_name="fake")
        km.restart_kernel()
        kc.wait_for_ready(timeout=WAIT)
        kc.execute("print x", reply=True, timeout=WAIT)
        kc.stop_channels()
        km.shutdown_kernel()

    def test_ipc(self):
        km = KernelManager(kernel_name="fake", transport="ipc")
        km.start_kernel()
        kc = km.blocking_client()
        kc.start_channels()
        kc.wait_for_ready(timeout=WAIT)
        self.assertEqual(kc.execute("print x", reply=True, timeout=WAIT)["content"]["status"], "ok")
        kc.stop_channels()
        km.shutdown_kernel()

    def test_orphan(self):
        """The kernel of a process that dies without a word ends too."""
        program = (
            "import os, sys\n"
            "from jupyter_client.manager import start_new_kernel\n"
            "km, kc = start_new_kernel(kernel_name='fake')\n"
            "print(km.provisioner.pid, flush=True)\n"
            "os.kill(os.getpid(), 9)\n"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=WAIT)
        self.assertEqual(done.returncode, -signal.SIGKILL, done.stderr)
        pid = int(done.stdout)
        for _ in range(WAIT * 10):
            try:
                with open("/proc/%d/stat" % pid) as f:
                    if f.read().rsplit(")", 1)[1].split()[0] == "Z":
                        return
            except FileNotFoundError:
                return
            time.sleep(0.1)
        self.fail("the kernel %d outlived its parent" % pid)


if __name__ == "__main__":
    unittest.main(verbosity=2)

"""Jupyter's own conformance tests for kernels, run on the kernelspec that ARCHITECH_TEST_KERNEL names."""

import os
import unittest

import jupyter_kernel_test


class ArchitechKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = os.environ.get("ARCHITECH_TEST_KERNEL", "architech")
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oh dear')"
    completion_samples = [
        {"text": "consol", "matches": {"console"}},
        {"text": "JSON.stringif", "matches": {"stringify"}},
    ]
    complete_code_samples = ["1", "const a: number = 1;", "function f() {\n  return 1;\n}", "await 1"]
    incomplete_code_samples = ["function f() {", "f(1,", "const text = `two", "/* a remark", "const a ="]
    invalid_code_samples = ["const = 1", "a b", "'no end", ")"]
    code_page_something = "Math.sqrt?"
    code_generate_error = "throw new TypeError('bad')"
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": "[1, 2, 3].map((n) => n * n)", "result": "[ 1, 4, 9 ]"},
    ]
    code_display_data = [
        {"code": "display.html('<b>bold</b>')", "mime": "text/html"},
        {"code": "display.svg('<svg/>')", "mime": "image/svg+xml"},
    ]
    code_history_pattern = "1*3"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.sqrt"
    code_clear_output = "display.clear()"


if __name__ == "__main__":
    unittest.main()

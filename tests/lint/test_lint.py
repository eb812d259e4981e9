import unittest
import unittest.mock

import lint


def report(**results) -> dict:
    return {"results": {"passed_checks": [], "failed_checks": [], "skipped_checks": [], "parsing_errors": []} | results}


def check(file: str, name: str = "CKV_AWS_1") -> dict:
    return {"file_path": f"/{file}", "file_line_range": [3, 9], "check_id": name, "check_name": "Ensure it", "resource": "aws_vpc.this"}


class Suppressions(unittest.TestCase):
    def test_withAReason(self):
        self.assertEqual(({("a.tf", "CKV2_AWS_5")}, []), lint.suppressions("a.tf", "  #checkov:skip=CKV2_AWS_5:Attached by the caller."))
        self.assertEqual((set(), []), lint.suppressions("a.tf", "# tflint-ignore: terraform_unused_declarations # read for its postconditions"))

    def test_withoutAReason(self):
        for line in (
            "#checkov:skip=CKV_AWS_5", "#checkov:skip=CKV_AWS_5:", "#checkov:skip=CKV_AWS_5: todo", "#checkov:skip=CKV_AWS_5,CKV_AWS_6:both for a reason",
            "# tflint-ignore: terraform_naming", "# tflint-ignore: all # todo", "# tflint-ignore-file: terraform_naming",
        ):
            with self.subTest(line):
                skipped, found = lint.suppressions("a.tf", f"\n{line}")
                self.assertEqual((set(), 1), (skipped, len(found)))
                self.assertTrue(found[0].startswith("a.tf:2: "))


class Checkov(unittest.TestCase):
    def test_nothingWrong(self):
        self.assertEqual([], lint.judge(
            report(passed_checks=[check("modules/a/main.tf")], skipped_checks=[check("modules/a/b.tf")]), {("modules/a/b.tf", "CKV_AWS_1")}, ["modules/a"]))

    def test_failedCheck(self):
        self.assertEqual(["a.tf:3: CKV_AWS_1 aws_vpc.this: Ensure it"], lint.judge(report(failed_checks=[check("a.tf")]), set(), []))

    def test_nothingParsed(self):
        self.assertEqual(["checkov found no Terraform"], lint.judge({"passed": 0, "failed": 0}, set(), []))

    def test_directoryOfWhichNothingWasChecked(self):
        self.assertEqual(
            ["modules/a: checkov checked nothing in it"], lint.judge(report(passed_checks=[check("modules/ab/main.tf")]), set(), ["modules/a"]))

    def test_parsingErrors(self):
        self.assertEqual(1, len(lint.judge(report(parsing_errors=["a.tf"]), set(), [])))
        with unittest.mock.patch.object(lint, "UNPARSED", {"a.tf": "why"}):
            self.assertEqual([], lint.judge(report(parsing_errors=["a.tf"]), set(), []))
            self.assertEqual(1, len(lint.judge(report(), set(), [])))

    def test_suppressionThatSuppressesNothing(self):
        found = lint.judge(report(skipped_checks=[check("a.tf", "CKV_AWS_2")]), {("a.tf", "CKV_AWS_1"), ("a.tf", "CKV_AWS_2")}, [])
        self.assertEqual(["a.tf: checkov:skip=CKV_AWS_1 skips nothing (any more): take it out"], found)


if __name__ == "__main__":
    unittest.main()

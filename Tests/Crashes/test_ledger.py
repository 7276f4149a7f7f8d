#!/usr/bin/env python3
"""The ledger notices what it is there for: losses, doubles, deletions and reversals."""

import json
import unittest

from ledger import WEB, Ledger

HERE, THERE = "here", "there"


def event(mark, **fields):
    return {"summary": f"{mark} title"} | fields


class LedgerTests(unittest.TestCase):
    def setUp(self):
        self.ledger = Ledger()
        self.ledger.rest([event("e1", location="old"), event("e2")])

    def judge(self, *events, kept=""):
        return self.ledger.judge(events, kept)

    def assert_fine(self, *events, kept=""):
        self.assertEqual(self.judge(*events, kept=kept), [])

    def assert_found(self, word, *events, kept=""):
        problems = self.judge(*events, kept=kept)
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(word, problems[0])

    def test_nothing_happened(self):
        self.assert_fine(event("e1", location="old"), event("e2"))

    def test_an_acknowledged_edit_is_lost(self):
        self.ledger.edit("e1", {"location": "new"}, HERE)
        self.assert_fine(event("e1", location="new"), event("e2"))
        self.assert_found("is lost", event("e1", location="old"), event("e2"))

    def test_an_edit_without_an_answer_may_be_lost_or_not(self):
        self.ledger.edit("e1", {"location": "new"}, HERE, sure=False)
        self.assert_fine(event("e1", location="old"), event("e2"))
        self.assert_fine(event("e1", location="new"), event("e2"))

    def test_a_later_edit_takes_the_place_of_an_earlier_one(self):
        self.ledger.edit("e1", {"location": "first"}, HERE)
        self.ledger.edit("e1", {"location": "second"}, HERE)
        self.assert_fine(event("e1", location="second"), event("e2"))
        self.assert_found("is lost", event("e1", location="first"), event("e2"))

    def test_a_value_in_a_conflict_is_kept(self):
        self.ledger.edit("e1", {"location": "ours"}, HERE)
        self.ledger.edit("e1", {"location": "new"}, WEB)
        live = (event("e1", location="new"), event("e2"))
        self.assert_found("ours of here is lost", *live)
        self.assert_fine(*live, kept=json.dumps({"mine": "ours"}))
        self.assert_fine(*live, kept=json.dumps({"raw": json.dumps({"location": "ours"})}))
        self.assert_found("is lost", *live, kept=json.dumps({"mine": "ours too"}))

    def test_a_value_that_others_met_may_be_replaced_by_them(self):
        self.ledger.edit("e1", {"location": "mine"}, HERE)
        self.ledger.met(event("e1", location="mine"), WEB)
        self.ledger.edit("e1", {"location": "theirs"}, WEB)
        self.assert_fine(event("e1", location="theirs"), event("e2"))

    def test_another_home_met_a_value(self):
        self.ledger.edit("e1", {"location": "mine"}, HERE)
        self.ledger.edit("e1", {"location": "theirs"}, THERE)
        live = (event("e1", location="theirs"), event("e2"))
        self.ledger.told([("e1", None, json.dumps({"after": "mine"}))], HERE)
        self.assert_found("mine of here is lost", *live)
        self.ledger.told([("e1", None, json.dumps({"before": "mine"}))], THERE)
        self.assert_fine(*live)

    def test_another_home_met_a_move(self):
        self.ledger.edit("e1", {"calendar": "a"}, HERE)
        self.ledger.edit("e1", {"calendar": "b"}, THERE)
        live = (event("e1", location="old", calendar="b"), event("e2"))
        self.ledger.told([("e1", "b", "{}"), ("e2", "a", "{}")], THERE)
        self.assert_found("a of here is lost", *live)
        self.ledger.told([("e1", "a", "{}")], THERE)
        self.assert_fine(*live)

    def test_somebody_elses_value_is_taken_back(self):
        self.ledger.edit("e1", {"location": "theirs"}, WEB)
        self.assert_found("taken back", event("e1", location="old"), event("e2"))

    def test_what_somebody_else_wrote_and_then_deleted_need_not_come_to_life(self):
        self.ledger.edit("e1", {"description": "mine"}, HERE)
        self.ledger.edit("e1", {"location": "theirs"}, WEB)
        back = event("e1", location="old", description="mine")
        self.assert_found("taken back", back, event("e2"))
        self.ledger.delete("e1", WEB)
        self.assert_fine(back, event("e2"))
        self.ledger.edit("e1", {"location": "later"}, WEB)
        self.assert_found("taken back", back, event("e2"))
        self.ledger.delete("e1", THERE)
        self.assert_found("taken back", back, event("e2"))
        self.ledger.told([("e1", None, json.dumps({"after": "later"}))], THERE)
        self.assert_fine(back, event("e2"))

    def test_a_value_that_nobody_wrote(self):
        self.assert_found("nobody wrote", event("e1", location="strange"), event("e2"))
        self.assert_found(
            "nobody wrote", event("e1", location="old"), event("e2", location="old"))

    def test_a_thing_is_there_twice(self):
        live = event("e1", location="old")
        self.assert_found("twice", live, live, event("e2"))

    def test_a_thing_is_gone(self):
        self.assert_found("nobody deleted it", event("e1", location="old"))

    def test_a_deletion_is_done(self):
        self.ledger.delete("e2", HERE)
        self.assert_fine(event("e1", location="old"))
        self.assert_found("it lives", event("e1", location="old"), event("e2"))

    def test_a_deletion_without_an_answer_may_be_done_or_not(self):
        self.ledger.delete("e2", HERE, sure=False)
        self.assert_fine(event("e1", location="old"))
        self.assert_fine(event("e1", location="old"), event("e2"))

    def test_an_edit_beats_a_deletion(self):
        self.ledger.delete("e1", HERE)
        self.ledger.edit("e1", {"location": "theirs"}, WEB)
        self.assert_fine(event("e1", location="theirs"), event("e2"))

    def test_a_deleted_thing_comes_to_life_once(self):
        self.ledger.delete("e1", WEB)
        self.ledger.edit("e1", {"location": "mine"}, HERE)
        self.ledger.edit("e1", {"description": "theirs"}, THERE)
        both = event("e1", location="mine", description="theirs")
        self.assert_fine(both, event("e2"))
        self.assert_found("twice", both, both, event("e2"))
        self.assert_found("is lost", event("e1", location="mine"), event("e2"))

    def test_a_deletion_takes_the_place_along(self):
        self.ledger.edit("e1", {"calendar": "other"}, HERE)
        self.ledger.delete("e1", THERE)
        self.assert_fine(event("e2"))

    def test_an_edit_that_nobody_met_must_not_go_with_a_deletion(self):
        self.ledger.edit("e1", {"location": "mine"}, HERE)
        self.ledger.delete("e1", WEB)
        self.assert_found("went with a deletion", event("e2"))

    def test_who_deletes_gives_up_what_was_edited_before(self):
        self.ledger.edit("e1", {"location": "mine"}, HERE)
        self.ledger.delete("e1", HERE)
        self.assert_fine(event("e2"))
        self.ledger.edit("e1", {"location": "theirs"}, WEB)
        self.assert_fine(event("e1", location="theirs"), event("e2"))

    def test_a_creation(self):
        live = (event("e1", location="old"), event("e2"))
        self.ledger.add("e3", {"summary": "e3 title"}, HERE)
        self.assert_found("nobody deleted it", *live)
        self.assert_fine(*live, event("e3"))
        self.assert_found("twice", *live, event("e3"), event("e3"))
        self.assert_found("made by nobody", *live, event("e3"), event("e4"))

    def test_a_creation_without_an_answer_may_be_done_or_not(self):
        live = (event("e1", location="old"), event("e2"))
        self.ledger.add("e3", {"summary": "e3 title"}, HERE, sure=False)
        self.assert_fine(*live)
        self.assert_fine(*live, event("e3"))


if __name__ == "__main__":
    unittest.main()

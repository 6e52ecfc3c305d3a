"""Two are the same where one thing says so and nothing speaks against it; else nobody is chosen."""

from __future__ import annotations

import pytest

from autograder.lms.cells import SheetError
from autograder.lms.people import Identity, Person, Spelling, match
from autograder.lms.students import completed, read_students

ADA = Person("ada", "Ada", "Lovelace", "ada@example.org", "7001")
ZOE = Person("zoe", "Zoé", "d'Été", "zoe@example.org", "7002")
BOB = Person("bob@example.org", "Bob", "Noyce")
CLASS = [ADA, ZOE, BOB]


def found(*identities, people=CLASS):
    matches = match(identities, people)
    return [matches.found.get(n) or matches.doubts.get(n) for n in range(len(identities))]


@pytest.mark.parametrize(
    ("identity", "student"),
    [
        (Identity("x", number="7002"), "zoe"),
        (Identity("x", emails=frozenset({"ADA@Example.org"})), "ada"),
        (Identity("x", logins=frozenset({"Zoe"})), "zoe"),
        (Identity("x", logins=frozenset({"bob@example.org"})), "bob@example.org"),
        (Identity("x", emails=frozenset({"bob@example.org"})), "bob@example.org"),
        (Identity("x", names=("Ada  LOVELACE",)), "ada"),
        (Identity("x", names=("Lovelace, Ada",)), "ada"),
        (Identity("x", names=("D’E\u0301te\u0301, Zoe\u0301",)), "zoe"),
        (Identity("x", names=("lovelaceada",), spelling=Spelling.SQUASHED), "ada"),
        (Identity("x", names=("détézoé",), spelling=Spelling.SQUASHED), "zoe"),
        (Identity("x", names=("Zoé dÉté",), spelling=Spelling.CLEANED), "zoe"),
        (Identity("x", names=("Zoé d’Été",), spelling=Spelling.CLEANED), "zoe"),
        (Identity("x", names=("Group 1-Ada Lovelace", "Ada Lovelace")), "ada"),
        (Identity("x", emails=frozenset({"new@example.org"}), names=("Ada Lovelace",)), "ada"),
    ],
)
def test_somebody_is_found_by_number_email_login_or_name(identity, student):
    assert found(identity) == [student]


@pytest.mark.parametrize(
    "identity",
    [
        Identity("x"),
        Identity("x", names=("Zoe d'Ete",)),  # accents are letters
        Identity("x", names=("Ada",)),
        Identity("x", emails=frozenset({"ada"})),
        Identity("x", number="ada"),
        Identity("x", names=("lovelaceada",)),
    ],
)
def test_nobody_is_guessed(identity):
    assert found(identity) == [None]


def test_a_name_or_an_email_of_two_students_is_nobodys():
    twins = [Person("a1", "Jean", "Martin", "m@x"), Person("a2", "Martin", "Jean", "m@x")]
    by_name, by_email = found(
        Identity("x", names=("Jean Martin",)), Identity("y", emails=frozenset({"m@x"})), people=twins
    )
    assert str(by_name.why) == "the name fits several students: a1, a2"
    assert str(by_email.why) == "the e-mail fits several students: a1, a2"
    assert by_email.students == {"a1", "a2"}


def test_an_ambiguous_email_is_not_saved_by_a_name():
    twins = [Person("a1", "Jean", "Martin", "m@x"), Person("a2", "Anne", "Martin", "m@x")]
    identity = Identity("x", emails=frozenset({"m@x"}), names=("Jean Martin",))
    assert found(identity, people=twins)[0].students == {"a1", "a2"}


def test_two_things_that_point_to_different_students_are_a_doubt():
    swapped = Identity("x", emails=frozenset({"ada@example.org"}), names=("Zoé d'Été",))
    assert found(swapped)[0].why == "the e-mail fits ada, the name fits zoe"


def test_two_rows_of_one_student_are_both_left_open():
    one, other = found(Identity("row 2", number="7001"), Identity("row 9", names=("Ada Lovelace",)))
    assert one.why == other.why == "row 2 and row 9 both fit ada"


def test_a_whole_name_comes_before_what_is_left_of_it_behind_a_dash():
    people = [Person("am", "Anne-Marie", "Curie"), Person("m", "Marie", "Curie")]
    assert found(Identity("x", names=("Anne-Marie Curie", "Marie Curie")), people=people) == ["am"]


def test_a_list_of_students_adds_what_the_gradebook_does_not_know():
    list_ = read_students("id;email;login;Name\nada;;al;\nnew;new@x;;Née Nouvelle\n".encode("cp1252"))
    people = completed(CLASS, list_)
    assert found(Identity("x", logins=frozenset({"AL"})), people=people) == ["ada"]
    assert found(Identity("y", emails=frozenset({"new@x"})), people=people) == ["new"]
    ada = next(person for person in people if person.student == "ada")
    assert (ada.email, ada.lms_user_id, ada.logins) == ("ada@example.org", "7001", {"al"})
    assert match([Identity("y", names=("née nouvelle",))], people).found == {0: "new"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"name,email\nAda,a@x\n", "has a column id"),
        (b"id,email\nada,a@x\nada,b@x\n", r"row 3 of the list needs an id of its own \(got 'ada'\)"),
        (b"id,email\n,a@x\n", r"row 2 .* \(got ''\)"),
    ],
)
def test_a_list_that_does_not_fit_is_told(content, sentence):
    with pytest.raises(SheetError, match=sentence):
        read_students(content)

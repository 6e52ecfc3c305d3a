"""Sheets as Moodle and Canvas write them, with people who do not exist."""

from __future__ import annotations

WORKSHEET = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\r\n'
    '"Participant 101","Ada Lovelace",ada@example.org,"Submitted for grading",,20.00,Yes,'
    '"Tuesday, 3 March 2026, 10:05 PM",-,"<p>Well, ""nearly"".</p>\n<p>=1+1</p>"\r\n'
    '"Participant 102","Zoé d’Été, jr",zoe@example.org,"No submission",,20.00,Yes,-,-,\r\n'
    '"Participant 103","Bob Noyce",bob@example.org,Graded,12.50,20.00,Yes,-,"Monday, 2 March 2026",\r\n'
)
FRENCH = (
    'Identifiant;"Nom complet";"Adresse de courriel";Statut;Note;"Note maximale";'
    '"La note peut être modifiée";"Dernière modification (travail remis)"\n'
    'Participant101;"Ada Lovelace";ada@example.org;"Remis pour évaluation";;20,00;Oui;'
    '"mardi 3 mars 2026, 22:05"\n'
    'Participant102;"Zoé d\'Été, jr";zoe@example.org;"Non remis";;20,00;Oui;-\n'
    'Participant103;"Bob Noyce";bob@example.org;Noté;12,50;20,00;Non;-\n'
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Ex 1 (900),One-hot (901),One-hot Final Score,Final Score\n"
    ",,,,,Manual Posting,,,\n"
    "    Points Possible,,,,,10.00,20.00,(read only),(read only)\n"
    '"Lovelace, Ada",7001,s1,ada,A and B,9.50,,90.00,90.00\n'
    '"Été, Zoé d\'",7002,s2,zoe,A,,EX,,\n'
    '"Noyce, Bob",7003,s3,bob,A,,N/A,,\n'
    '"Student, Test",7999,,,A,,,,\n'
)
EUROPEAN = (
    "Student;ID;SIS Login ID;Section;One-hot (901)\n"
    "    Points Possible;;;;20,00\n"
    "Lovelace, Ada;7001;ada;A;12,50\n"
    "Noyce, Bob;7003;bob;A;\n"
)
GRADEBOOK = (
    '"First name","Last name","ID number",Institution,Department,"Email address",'
    '"Assignment: Ex 1 (Real)","Assignment: One-hot (Real)","Assignment: One-hot (Percentage)",'
    '"Last downloaded from this course"\n'
    "Ada,Lovelace,s1,,,ada@example.org,9.00,-,-,1772500000\n"
    "Bob,Noyce,s3,,,bob@example.org,-,-,-,1772500000\n"
)
SHEETS = {
    "worksheet": WORKSHEET,
    "french": FRENCH,
    "canvas": CANVAS,
    "european": EUROPEAN,
    "gradebook": GRADEBOOK,
}

#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Prints the SQL that the recorder runs: tables, indexes, joins, updates, deletes."""
state = 1


def rand(n):
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return (state >> 8) % n


print("PRAGMA journal_mode=MEMORY;")
print("CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT, city TEXT, age INT);")
print("CREATE TABLE sale(id INTEGER PRIMARY KEY, person INT, amount REAL, note TEXT);")
print("CREATE INDEX sale_person ON sale(person);")
print("BEGIN;")
for i in range(300):
    print(f"INSERT INTO person VALUES({i},'name {rand(1000)}','city {rand(20)}',{rand(90)});")
for i in range(600):
    print(f"INSERT INTO sale(person,amount,note) VALUES({rand(300)},{rand(10000) / 100},'{'n' * rand(60)}');")
print("COMMIT;")
for i in range(150):
    print(f"SELECT name, count(*), sum(amount) FROM person JOIN sale ON person.id=person WHERE age>{rand(90)} "
          "GROUP BY city ORDER BY 3 DESC LIMIT 5;")
    print(f"UPDATE sale SET note=note||'x' WHERE person={rand(300)};")
    print(f"SELECT * FROM sale WHERE note LIKE '%x%' AND amount<{rand(100)} ORDER BY amount;")
    print(f"DELETE FROM sale WHERE id={rand(600)};")
    print(f"INSERT INTO sale(person,amount,note) VALUES({rand(300)},1.5,upper('again {i}'));")
print("ALTER TABLE person ADD COLUMN mail TEXT;")
print("UPDATE person SET mail=replace(name,' ','.')||'@example.org';")
print("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<300) SELECT group_concat(i*i) FROM n;")

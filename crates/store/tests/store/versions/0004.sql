-- What is new in a database of version 4. Engines write bytes differently: `hex'…'` stands for both.
insert into file (hash, size) values
    ('38523c087796e5d5dd1cf9bad1fb026781a838dd9dd2cf8af58b9f6502a46778', 5);
insert into file_part (hash, number, bytes) values
    ('38523c087796e5d5dd1cf9bad1fb026781a838dd9dd2cf8af58b9f6502a46778', 0, hex'255044462d');
insert into answer (round, unit, variable, version, value, answered_by, answered_at, form, form_step)
    values (2025, '1508', 'plan', 1,
     '38523c087796e5d5dd1cf9bad1fb026781a838dd9dd2cf8af58b9f6502a46778 5 pdf plan.pdf',
     'contact:k1', 1759276995000, 'form', 3);

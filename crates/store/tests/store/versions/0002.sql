-- What is new in a database of version 2.
update assignment set due = '2025-11-14', may_hand_on = 1 where unit = '1508';
insert into assignment_note (round, unit, section, number, said, note) values
    (2025, '1508', 'bosetting', 1, 'handed_over', 'Kan du ta denne?');
insert into answer (round, unit, variable, version, value, answered_by, answered_at, form, form_step)
    values (2025, '1508', 'tolk', 3, 'ja', 'contact:k2', 1759276990000, 'form', 2);
insert into outbox (letter, round, unit, contact, step, kind, asked_by, about, message, enclosed_text,
    enclosed_html, state, created_at, next_at) values
    ('l1', 2025, '1508', 'k2', 'hand_over 1', 'hand_over', 'contact:k1', 'bosetting', 'Hei', '', '',
     'waiting', 1759276900000, 1759276900000);

-- What a database of version 1 holds when a round is under way: some of each table.
insert into round (round, survey, instrument, sample, opens, closes, simulated) values
    (2025, 'tiny', 'aa', 'bb', 1759276800000, 1764547200000, 0);
insert into unit_case (round, unit, revision, signed) values (2025, '1508', 4, 1), (2025, '0301', 0, 0);
insert into contact (contact, name, email, language, created_at) values
    ('k1', 'Kari', 'kari@example.no', 'nb', 1759276800000),
    ('k2', 'Ola', 'ola@example.no', 'nn', 1759276800000);
insert into link (token_hash, round, unit, contact, access, created_at, expires_at) values
    ('hash', 2025, '1508', 'k1', 'coordinator', 1759276800000, 1764547200000);
insert into session (token_hash, link, created_at) values ('session', 'hash', 1759276800000);
insert into assignment (round, unit, section, number, contact, assigned_by, assigned_at) values
    (2025, '1508', 'bosetting', 1, 'k2', 'contact:k1', 1759276900000);
insert into section_state (round, unit, section, state, changed_by, changed_at, first_done_at) values
    (2025, '1508', 'bosetting', 'done', 'contact:k2', 1759277000000, 1759277000000);
insert into answer (round, unit, variable, version, value, answered_by, answered_at) values
    (2025, '1508', 'tolk', 1, 'nei', 'contact:k2', 1759276950000),
    (2025, '1508', 'tolk', 2, 'ja', 'contact:k2', 1759276960000),
    (2025, '1508', 'merknad', 1, 'Blåbær, "sitat" og linje
to', 'contact:k1', 1759276970000),
    (2025, '1508', 'merknad', 2, null, 'contact:k1', 1759276980000);
insert into signature (round, unit, number, hash, signed_by, signed_at) values
    (2025, '1508', 1, 'd41e6d0ee2bdcbf4d0d4a1a3fd5d2b7cd41e6d0ee2bdcbf4d0d4a1a3fd5d2b7c',
     'contact:k1', 1759277100000);
insert into audit (round, unit, number, at, actor, action, detail) values
    (2025, '1508', 1, 1759276950000, 'contact:k2', 'answered', 'bosetting: tolk');
insert into dataset (hash, round, frozen_at, bytes) values ('dd', 2025, 1759277200000, '{}');
insert into staff (name, password, created_at) values ('ansatt', 'x', 1759276800000);
insert into staff_session (token_hash, name, created_at, expires_at) values
    ('s', 'ansatt', 1759276800000, 1764547200000);

delete from repositories where name = 'r1';
select repository_id from generated_docs;
select verdict from docgen_request('r3', gen_random_uuid(), 'https://example.org/r3', null, null, '300 s', '1 h', '20 s');

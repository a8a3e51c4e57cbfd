select polname from pg_policy;
select conname from pg_constraint where contype = 'f' and conrelid = 'generated_docs'::regclass;
select distinct status from generated_docs;

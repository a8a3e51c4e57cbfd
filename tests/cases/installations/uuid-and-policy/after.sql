select polname from pg_policy;
select tgname from pg_trigger where not tgisinternal and tgrelid = 'generated_docs'::regclass;
select reason, row->'docs' from docgen_removed_rows;

select polname from pg_policy;
select indexdef from pg_indexes where indexname = 'by_status';

select repository_id, status from generated_docs order by repository_id;
select reason, count(*) from docgen_removed_rows group by 1 order by 1;
select conname from pg_constraint where conname = 'generated_docs_progress_check';

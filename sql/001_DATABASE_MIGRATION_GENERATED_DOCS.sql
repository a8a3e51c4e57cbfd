-- The table of an installation from before progress tracking: one row for each repository.
-- Everything lives in the first schema of the search path (normally public).
-- SPDX-License-Identifier: Apache-2.0

create table if not exists generated_docs (
    repository_id text primary key,
    status text not null default 'idle',
    progress integer not null default 0,
    error_message text
);

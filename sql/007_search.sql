-- The indexes of search. Every vector holds a lexeme that names its repository, so an index intersects with the
-- repository first, whatever else is stored.
-- SPDX-License-Identifier: Apache-2.0
create index if not exists docgen_bodies_head on docgen_bodies using gin (head);
create index if not exists docgen_bodies_words on docgen_bodies using gin (words);
create index if not exists docgen_symbols_words on docgen_symbols using gin (words);

import type { DatabaseSync } from "node:sqlite";

/** One step from schema `n - 1` to schema `n`, where `n` is its place in the list, counted from 1. A released step never changes. */
export interface Migration {
  says: string;
  run(db: DatabaseSync): void;
}

/** `docs/store.md` describes the tables; a test compares it with what these steps make. */
export const migrations: readonly Migration[] = [
  {
    says: "calls, their documents, bodies, findings, changes and search",
    run: (db) => db.exec(firstSchema),
  },
  {
    says: "when an answer says it was made",
    run: (db) =>
      db.exec(`
        alter table calls add column created real;
        update calls set created = (select (json ->> '$.response.created') * 1000.0 from documents where call = seq and typeof(json) = 'text');
      `),
  },
  {
    says: "experiments and their rows",
    run: (db) => db.exec(experiments),
  },
];

const experiments = `
create table experiments (
  id text primary key,
  name text not null,
  spec text not null,
  created real not null,
  status text not null check (status in ('running', 'done', 'stopped', 'failed')),
  call_id text
) strict, without rowid;
create index experiments_by_call on experiments (call_id) where call_id is not null;

create table experiment_rows (
  experiment text not null references experiments (id) on delete cascade,
  key text not null,
  position integer not null,
  case_name text not null,
  factors text not null,
  repeat integer not null,
  role text not null check (role in ('arm', 'case')),
  outcome text not null check (outcome in ('error', 'unscored')),
  call_id text not null references calls (id) on delete cascade,
  primary key (experiment, key)
) strict, without rowid;
create index experiment_rows_by_call on experiment_rows (call_id);

alter table calls add column arm_of text;
create index calls_shown on calls (id) where arm_of is null;
`;

const firstSchema = `
create table calls (
  seq integer primary key,
  id text not null unique,
  issued real,
  provider text,
  model text,
  format text,
  origin text not null,
  status integer,
  finish text not null,
  ending text not null,
  input_tokens integer,
  output_tokens integer,
  cost real,
  ttft real,
  total real,
  preview text not null,
  parent text,
  error text,
  session text,
  request_hash text,
  response_hash text
) strict;
create index calls_by_model on calls (model, id);
create index calls_by_session on calls (session, id) where session is not null;
create index calls_by_request on calls (request_hash) where request_hash is not null;
create index calls_by_response on calls (response_hash) where response_hash is not null;

create table documents (
  call integer primary key references calls (seq) on delete cascade,
  json any not null,
  cost text
) strict;

create table blobs (
  hash text primary key,
  encoding text not null check (encoding in ('raw', 'zstd')),
  size integer not null,
  bytes blob not null
) strict, without rowid;

create table findings (
  call_id text not null references calls (id) on delete cascade,
  position integer not null,
  rule text not null,
  severity text not null,
  certainty text not null,
  json text not null,
  primary key (call_id, position)
) strict, without rowid;
create index findings_by_rule on findings (rule, call_id);

create table changes (
  sequence integer primary key autoincrement,
  call_id text not null unique
) strict;

create table search_texts (
  call integer primary key references calls (seq) on delete cascade,
  text text not null,
  indexed integer not null
) strict;
create index search_texts_pending on search_texts (call) where indexed = 0;

create virtual table search_index using fts5 (text, tokenize = 'trigram', content = '', contentless_delete = 1);
`;

-- doctor: single-use tokens by which `latchkey doctor` may ask the service what it sees. Only their SHA-256 is here.
create table doctor_probes (
  token_hash bytea primary key check (length(token_hash) = 32),
  expires_at timestamptz not null
);

-- accounts: counts the changes of a password. A sign-in that checked an older one opens no session.
alter table accounts add column password_version integer not null default 1;

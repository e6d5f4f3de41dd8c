-- accounts: the groups that access rules name and that apps hear of.
alter table accounts add column groups text[] not null default '{}';

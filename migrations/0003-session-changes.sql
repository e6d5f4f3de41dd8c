-- sessions: placeholder, so that the numbers have no gap; replaced by the real one at the merge.
select 1;

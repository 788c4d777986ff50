-- Room on the pages of what acts change all the time, so that a row stays on its page and no index has to be told.
ALTER TABLE streams SET (fillfactor = 85);
ALTER TABLE nodes_read SET (fillfactor = 85);
ALTER TABLE threads_read SET (fillfactor = 85);
ALTER TABLE roles_read SET (fillfactor = 60);

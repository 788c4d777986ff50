-- Names of streams are compared byte by byte: nobody reads them in an order of words, and the door compares them most of all.
ALTER TABLE streams ALTER COLUMN stream TYPE text COLLATE "C";
ALTER TABLE deadlines ALTER COLUMN stream TYPE text COLLATE "C";

CREATE TABLE made (
  a INT, hidden INT INVISIBLE, twice INT AS (a * 2) STORED, later INT DEFAULT (a + 1), plain VARCHAR(20) DEFAULT 'x`y',
  CONSTRAINT first CHECK (a > 0 AND later <> 7), CHECK (1 = 1)
);
CREATE TABLE versioned (id INT, name VARCHAR(10)) WITH SYSTEM VERSIONING;
CREATE SEQUENCE counter;

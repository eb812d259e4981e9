-- What people store about themselves. The address is not here: their tokens say it.
--
-- person: the subject of the person's token, as in orders.
CREATE TABLE IF NOT EXISTS profiles (
  person     VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name       VARCHAR(100) NOT NULL,
  phone      VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  updated_at DATETIME(3)  NOT NULL,
  PRIMARY KEY (person)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- MySQL and MariaDB commit every DDL statement at once, so a migration that fails half-way stays half done: keep one
-- statement a migration, or write each so that it can run again.
--
-- user_id: a UUID of version 7 in 16 bytes. Its first bits are the time, so rows are appended to the clustered index, which a
-- random UUID would scatter; text would make every index more than twice as wide; and neither UUID_TO_BIN (MySQL only) nor the type
-- UUID (MariaDB only) is needed, since the function converts.
-- email_key: the address in lower case, compared byte by byte. Collations for languages take letters for equal that are not
-- (a = á, and in some every emoji is equal), which would refuse one person because of another.
-- created_at: UTC; DATETIME is stored as it is given, TIMESTAMP would convert by the session's time zone and end in 2038.
CREATE TABLE IF NOT EXISTS users (
  user_id    BINARY(16)   NOT NULL,
  name       VARCHAR(100) NOT NULL,
  email      VARCHAR(254) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  email_key  VARCHAR(254) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME(3)  NOT NULL,
  PRIMARY KEY (user_id),
  UNIQUE KEY users_email_key (email_key)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

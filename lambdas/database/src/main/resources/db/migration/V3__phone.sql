-- phone: E.164, a plus sign and at most 15 digits. Functions of the release before do not name it, hence NULL.
--
-- INSTANT fails where it would have to copy the table while registrations wait. The condition lets it run again; MariaDB's
-- ADD COLUMN IF NOT EXISTS is unknown to MySQL.
SET @add_phone = (
  SELECT IF(COUNT(*) = 0,
    'ALTER TABLE users ADD COLUMN phone VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL, ALGORITHM = INSTANT',
    'DO 0')
  FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'phone');
PREPARE add_phone FROM @add_phone;
EXECUTE add_phone;
DEALLOCATE PREPARE add_phone;

-- What requests under an Idempotency-Key made, kept for a day so that a repeated request gets the first one's answer.
--
-- key_hash: SHA-256 of the operation and the key, so that nobody who reads the table can use a key.
-- request_hash: SHA-256 of the key and what was asked for; without the key it cannot be guessed backwards from a name and an address.
-- resource_id, created_at: of what the request made. The rest of the answer is in the repeated request itself.
CREATE TABLE IF NOT EXISTS idempotency_keys (
  key_hash     BINARY(32)  NOT NULL,
  request_hash BINARY(32)  NOT NULL,
  resource_id  BINARY(16)  NOT NULL,
  created_at   DATETIME(3) NOT NULL,
  PRIMARY KEY (key_hash),
  KEY idempotency_keys_created_at (created_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

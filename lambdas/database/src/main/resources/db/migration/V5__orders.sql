-- Orders as they were placed: nothing here changes when a product does.
--
-- order_id: a UUID of version 7, as users.user_id; its order is that of the orders' times.
-- person: the subject of the person's token, which its issuer chose: Cognito's are UUIDs, those of others are not. ASCII by OpenID Connect.
-- total_cents: 50 items of 100 pieces of the highest INT are far below a BIGINT, and below 2^53, up to which JavaScript counts.
-- orders_person: a person's own orders are one walk along it, since it ends in the primary key.
CREATE TABLE IF NOT EXISTS orders (
  order_id    BINARY(16)   NOT NULL,
  person      VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  total_cents BIGINT       NOT NULL,
  placed_at   DATETIME(3)  NOT NULL,
  PRIMARY KEY (order_id),
  KEY orders_person (person)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- order_items_product: what was sold of a product is counted in it alone.
CREATE TABLE IF NOT EXISTS order_items (
  order_id         BINARY(16)   NOT NULL,
  position         TINYINT      NOT NULL,
  product_id       VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name             VARCHAR(100) NOT NULL,
  quantity         SMALLINT     NOT NULL,
  unit_price_cents INT          NOT NULL,
  PRIMARY KEY (order_id, position),
  KEY order_items_product (product_id, quantity),
  CONSTRAINT order_items_order FOREIGN KEY (order_id) REFERENCES orders (order_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What the shop sells. The functions only read it: whoever runs the shop keeps it up, and sets active to 0 for what is no longer sold,
-- since orders of before still name it.
--
-- product_id: chosen by the shop, and a part of links: small letters, digits and hyphens.
-- price_cents: in hundredths of a euro, taxes included.
-- The indexes end in the primary key, as every one of InnoDB's does: a page of a category is one walk along its index.
CREATE TABLE IF NOT EXISTS products (
  product_id  VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name        VARCHAR(100) NOT NULL,
  category    VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  description VARCHAR(500) NOT NULL,
  price_cents INT          NOT NULL,
  supplier    VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  active      TINYINT      NOT NULL DEFAULT 1,
  PRIMARY KEY (product_id),
  KEY products_category (category),
  KEY products_supplier (supplier),
  CONSTRAINT products_price_cents CHECK (price_cents > 0)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

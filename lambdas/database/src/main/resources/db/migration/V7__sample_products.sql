-- The sample shop, so that a new deployment shows something. What is there already stays as it is.
INSERT INTO products (product_id, name, category, description, price_cents, supplier, active) VALUES
  ('beeswax-candles',  'Beeswax candles',   'home',    'Six of them, eight hours each.',                      1890, 'birch', 1),
  ('bread-knife',      'Bread knife',       'kitchen', 'Cuts crust, not crumbs.',                             3450, 'cedar', 1),
  ('cast-iron-pan',    'Cast-iron pan',     'kitchen', 'Heavy, and heirs will argue about it.',               5900, 'acme',  1),
  ('desk-lamp',        'Desk lamp',         'office',  'Bends where you read.',                               4900, 'acme',  1),
  ('enamel-mug',       'Enamel mug',        'kitchen', 'Survives the dishwasher and the campfire.',           1250, 'birch', 1),
  ('garden-shears',    'Garden shears',     'garden',  'For hedges up to a finger''s width.',                 2790, 'cedar', 1),
  ('linen-towel',      'Linen towel',       'kitchen', 'Dries glasses without lint.',                          990, 'birch', 1),
  ('oak-stool',        'Oak stool',         'home',    'Three legs, no wobble.',                              8900, 'acme',  1),
  ('paper-notebook',   'Paper notebook',    'office',  '144 pages that need no charging.',                     750, 'birch', 1),
  ('rope-doormat',     'Rope doormat',      'home',    'Was made of old climbing ropes, and is made no more.', 3200, 'cedar', 0),
  ('seed-tin',         'Seed tin',          'garden',  'Keeps twelve kinds of seed dry and apart.',           2100, 'cedar', 1),
  ('watering-can',     'Watering can',      'garden',  'Five litres, a long neck.',                           2650, 'acme',  1),
  ('wool-blanket',     'Wool blanket',      'home',    'For two on a bench in October.',                      7900, 'birch', 1)
ON DUPLICATE KEY UPDATE product_id = products.product_id;

package webapp.api.orders;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jdbi.v3.core.statement.Update;
import webapp.api.Mysql;
import webapp.api.catalog.Product;
import webapp.api.catalog.Products;
import webapp.api.idempotency.IdempotencyKeys;
import webapp.core.database.Database;
import webapp.core.http.IdempotencyKey;
import webapp.core.problem.FieldError;
import webapp.core.time.Deadline;

/** The orders in MySQL. */
final class Orders {
    private final Database database;
    private final IdempotencyKeys keys;

    Orders(Database database) {
        this.database = database;
        this.keys = new IdempotencyKeys(database);
    }

    /**
     * Places an order at the prices of this moment. Its id makes this idempotent: if a COMMIT got no answer, the repetition finds its own
     * rows.
     *
     * @param key what the client repeats the request under
     * @return the order, or the one that an earlier request under this key has placed, as it was then
     * @throws webapp.core.problem.ProblemException 422 if a product is not sold, or the key was used for another request
     */
    Order place(UUID orderId, String person, Instant placedAt, Wish wish, IdempotencyKey key, Deadline deadline) {
        keys.forgetExpired(key, placedAt, deadline);
        return database.writeIdempotently(deadline, handle -> {
            UUID placed = keys.claim(handle, key, new IdempotencyKeys.Made(orderId, placedAt)).resourceId();
            if (placed.equals(orderId)) {
                Order order = Order.place(orderId, person, placedAt, priced(handle, wish));
                if (insert(handle, order)) {
                    return order;
                }
            }
            return find(handle, placed, null)
                    .orElseThrow(() -> new IllegalStateException("order " + placed + " has an idempotency key and no row"));
        });
    }

    private static List<OrderItem> priced(Handle handle, Wish wish) {
        List<String> productIds = new ArrayList<>();
        for (Wish.Item item : wish.items()) {
            productIds.add(item.productId());
        }
        Map<String, Product> sold = Products.sold(handle, productIds);
        List<OrderItem> items = new ArrayList<>();
        List<FieldError> errors = new ArrayList<>();
        for (Wish.Item item : wish.items()) {
            Product product = sold.get(item.productId());
            if (product == null) {
                errors.add(new FieldError("/items/" + (items.size() + errors.size()) + "/productId", "is not sold"));
            } else {
                items.add(new OrderItem(product.productId(), product.name(), item.quantity(), product.priceCents()));
            }
        }
        if (!errors.isEmpty()) {
            // Thrown, so that the transaction is rolled back and its key stays free.
            throw OrderProblems.productNotSold(errors);
        }
        return items;
    }

    /** @return false if an earlier try of this very transaction has stored the order */
    private static boolean insert(Handle handle, Order order) {
        try {
            handle.createUpdate("INSERT INTO orders (order_id, person, total_cents, placed_at)"
                            + " VALUES (:orderId, :person, :totalCents, :placedAt)")
                    .bind("orderId", Mysql.bytes(order.orderId()))
                    .bind("person", order.person())
                    .bind("totalCents", order.totalCents())
                    .bind("placedAt", Mysql.time(order.placedAt()))
                    .execute();
        } catch (UnableToExecuteStatementException e) {
            if (Mysql.isDuplicateKey(e)) {
                return false;
            }
            throw e;
        }
        // One statement for all items, and not one for each.
        StringBuilder sql = new StringBuilder(
                "INSERT INTO order_items (order_id, position, product_id, name, quantity, unit_price_cents) VALUES ");
        for (int i = 0; i < order.items().size(); i++) {
            sql.append(i == 0 ? "" : ", ").append("(?, ?, ?, ?, ?, ?)");
        }
        Update items = handle.createUpdate(sql.toString());
        int parameter = 0;
        for (int i = 0; i < order.items().size(); i++) {
            OrderItem item = order.items().get(i);
            items.bind(parameter++, Mysql.bytes(order.orderId()))
                    .bind(parameter++, i)
                    .bind(parameter++, item.productId())
                    .bind(parameter++, item.name())
                    .bind(parameter++, item.quantity())
                    .bind(parameter++, item.unitPriceCents());
        }
        items.execute();
        return true;
    }

    /** @param person whose order it must be, null for anybody's */
    Optional<Order> find(UUID orderId, String person, Deadline deadline) {
        return database.read(deadline, handle -> find(handle, orderId, person));
    }

    private static Optional<Order> find(Handle handle, UUID orderId, String person) {
        List<Order> found = select(
                handle,
                "WHERE order_id = :orderId" + (person == null ? "" : " AND person = :person"),
                "",
                query -> person == null
                        ? query.bind("orderId", Mysql.bytes(orderId))
                        : query.bind("orderId", Mysql.bytes(orderId)).bind("person", person));
        return found.stream().findFirst();
    }

    /** A person's orders before an id, the newest first. */
    List<Order> listOwn(String person, UUID before, int limit, Deadline deadline) {
        return database.read(deadline, handle -> select(
                handle,
                "WHERE person = :person AND order_id < :before ORDER BY order_id DESC LIMIT :limit",
                " DESC",
                query -> query.bind("person", person).bind("before", Mysql.bytes(before)).bind("limit", limit)));
    }

    /** Everybody's orders after an id, the oldest first. */
    List<Order> listAll(UUID after, int limit, Deadline deadline) {
        return database.read(deadline, handle -> select(
                handle,
                "WHERE order_id > :after ORDER BY order_id LIMIT :limit",
                "",
                query -> query.bind("after", Mysql.bytes(after)).bind("limit", limit)));
    }

    /**
     * Reads orders with their items, however many, by one statement: what another one places meanwhile is in it as a whole or not at all.
     *
     * @param which orders, and how many
     * @param direction of their ids: empty or {@code DESC}
     */
    private static List<Order> select(Handle handle, String which, String direction, UnaryOperator<Query> bound) {
        List<Order> orders = new ArrayList<>();
        bound.apply(handle.createQuery("SELECT o.order_id, o.person, o.total_cents, o.placed_at,"
                        + " i.product_id, i.name, i.quantity, i.unit_price_cents"
                        + " FROM (SELECT order_id, person, total_cents, placed_at FROM orders " + which + ") o"
                        + " JOIN order_items i ON i.order_id = o.order_id"
                        + " ORDER BY o.order_id" + direction + ", i.position"))
                .map((row, context) -> {
                    UUID orderId = Mysql.id(row, "order_id");
                    if (orders.isEmpty() || !orders.getLast().orderId().equals(orderId)) {
                        orders.add(order(orderId, row));
                    }
                    return orders.getLast().items().add(item(row));
                })
                .list();
        return orders;
    }

    private static Order order(UUID orderId, ResultSet row) throws SQLException {
        return new Order(
                orderId, row.getString("person"), Mysql.time(row, "placed_at"), row.getLong("total_cents"), new ArrayList<>());
    }

    private static OrderItem item(ResultSet row) throws SQLException {
        return new OrderItem(
                row.getString("product_id"), row.getString("name"), row.getInt("quantity"), row.getInt("unit_price_cents"));
    }
}

package webapp.api.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import webapp.core.database.Database;
import webapp.core.time.Deadline;

/** The products in MySQL; the functions never change them. */
public final class Products {
    private static final String SOLD =
            "SELECT product_id, name, category, description, price_cents, supplier FROM products WHERE active = 1";

    private final Database database;

    Products(Database database) {
        this.database = database;
    }

    Optional<Product> find(String productId, Deadline deadline) {
        return database.read(deadline, handle -> handle
                .createQuery(SOLD + " AND product_id = :productId")
                .bind("productId", productId)
                .map((row, context) -> product(row))
                .findOne());
    }

    /**
     * The products after an id, in the order of their ids.
     *
     * @param category null for all of them
     */
    List<Product> list(String category, String after, int limit, Deadline deadline) {
        return database.read(deadline, handle -> {
            Query query = handle.createQuery(SOLD + (category == null ? "" : " AND category = :category")
                    + " AND product_id > :after ORDER BY product_id LIMIT :limit");
            if (category != null) {
                query.bind("category", category);
            }
            return query.bind("after", after).bind("limit", limit).map((row, context) -> product(row)).list();
        });
    }

    /** All products of a supplier, those it no longer sells included, in the order of their ids. */
    List<ProductSales> sales(String supplier, Deadline deadline) {
        return database.read(deadline, handle -> handle
                .createQuery("SELECT p.product_id, p.name,"
                        + " (SELECT COALESCE(SUM(i.quantity), 0) FROM order_items i WHERE i.product_id = p.product_id) AS units_sold"
                        + " FROM products p WHERE p.supplier = :supplier ORDER BY p.product_id")
                .bind("supplier", supplier)
                .map((row, context) ->
                        new ProductSales(row.getString("product_id"), row.getString("name"), row.getLong("units_sold")))
                .list());
    }

    /** @return those of the products that are sold, by their ids, as they are at this moment */
    public static Map<String, Product> sold(Handle handle, Collection<String> productIds) {
        Map<String, Product> sold = new HashMap<>();
        handle.createQuery(SOLD + " AND product_id IN (<productIds>)")
                .bindList("productIds", List.copyOf(productIds))
                .map((row, context) -> product(row))
                .forEach(product -> sold.put(product.productId(), product));
        return sold;
    }

    private static Product product(ResultSet row) throws SQLException {
        return new Product(
                row.getString("product_id"),
                row.getString("name"),
                row.getString("category"),
                row.getString("description"),
                row.getInt("price_cents"),
                row.getString("supplier"));
    }
}

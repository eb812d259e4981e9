package webapp.api.orders;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import webapp.api.ResourceId;
import webapp.api.paging.Cursor;
import webapp.api.paging.Page;
import webapp.api.paging.PageRequest;
import webapp.core.configuration.Configuration;
import webapp.core.database.Database;
import webapp.core.http.Caller;
import webapp.core.http.IdempotencyKey;
import webapp.core.http.Request;
import webapp.core.http.Response;
import webapp.core.http.Router;
import webapp.core.http.UserPool;
import webapp.core.snapstart.Checkpoint;

/** The operations {@code placeOrder}, {@code listOwnOrders}, {@code getOrder} and {@code listOrdersToFulfil} of the contract. */
public final class OrdersHandler implements RequestStreamHandler {
    /** The path as the client sees it, which is the contract's server URL and path. */
    private static final String LOCATION = "/api/orders/";

    /** Whose members may read anybody's order. */
    private static final String SUPPORT = "support";

    /** No order's id: all of them come after it, or before. */
    private static final UUID FIRST = new UUID(0, 0);

    private static final UUID LAST = new UUID(-1, -1);

    private final Orders orders;
    private final Clock clock;
    private final Router router;
    private final Checkpoint checkpoint;

    /** Lambda's; the environment says where the database is, and whose tokens are good. */
    public OrdersHandler() {
        this(Configuration.ofEnvironment());
    }

    private OrdersHandler(Configuration configuration) {
        this(Database.of(configuration), UserPool.of(configuration), Clock.systemUTC());
    }

    OrdersHandler(Database database, UserPool pool, Clock clock) {
        this.orders = new Orders(database);
        this.clock = clock;
        this.router = new Router()
                .on("POST", "/orders", pool.people(), this::place)
                .on("GET", "/orders", pool.people(), this::listOwn)
                .on("GET", "/orders/{orderId}", pool.people(), this::get)
                .on("GET", "/fulfilment/orders", pool.machines("orders/read"), this::listToFulfil);
        this.checkpoint = Checkpoint.register()
                // Refused for its quantity, so that nothing is written.
                .prime("placeOrder", context -> router.prime("""
                        {"httpMethod":"POST","resource":"/orders","headers":{"Content-Type":"application/json"},
                        "body":"{\\"items\\":[{\\"productId\\":\\"x\\",\\"quantity\\":0}]}",
                        "requestContext":{"authorizer":{"claims":%s}}}""".formatted(pool.nobody()), context))
                // Nobody's orders, and none beyond the last one: a snapshot must not hold anybody's data.
                .prime("listOwnOrders", context -> router.prime("""
                        {"httpMethod":"GET","resource":"/orders","requestContext":{"authorizer":{"claims":%s}}}"""
                        .formatted(pool.nobody()), context))
                .prime("getOrder", context -> router.prime("""
                        {"httpMethod":"GET","resource":"/orders/{orderId}",
                        "pathParameters":{"orderId":"00000000-0000-0000-0000-000000000000"},
                        "requestContext":{"authorizer":{"claims":%s}}}""".formatted(pool.nobody()), context))
                .prime("listOrdersToFulfil", context -> router.prime("""
                        {"httpMethod":"GET","resource":"/fulfilment/orders","queryStringParameters":{"cursor":"%s"},
                        "requestContext":{"authorizer":{"claims":%s}}}"""
                        .formatted(Cursor.after(LAST), pool.noMachine("orders/read")), context))
                .close(database);
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        router.answer(input, output, context);
    }

    private Response place(Caller.Person caller, Request request) {
        Wish wish = Wish.of(request.fields());
        IdempotencyKey key =
                IdempotencyKey.required(request, List.of("placeOrder", caller.subject()), wish.content());
        long millis = clock.millis();
        Order order = orders.place(
                ResourceId.create(millis), caller.subject(), Instant.ofEpochMilli(millis), wish, key, request.deadline());
        return Response.json(201, order::write).header("Location", LOCATION + order.orderId());
    }

    private Response listOwn(Caller.Person caller, Request request) {
        PageRequest asked = PageRequest.of(request);
        return page(asked.page(
                orders.listOwn(caller.subject(), asked.after(LAST), asked.lookedFor(), request.deadline())));
    }

    private Response listToFulfil(Caller.Machine caller, Request request) {
        PageRequest asked = PageRequest.of(request);
        return page(asked.page(orders.listAll(asked.after(FIRST), asked.lookedFor(), request.deadline())));
    }

    private static Response page(Page<Order> page) {
        return Response.json(
                200, json -> page.write(json, "orders", Order::write, order -> Cursor.after(order.orderId())));
    }

    private Response get(Caller.Person caller, Request request) {
        UUID orderId = ResourceId.parse(request.path().get("orderId"));
        String person = caller.groups().contains(SUPPORT) ? null : caller.subject();
        Order order = orderId == null ? null : orders.find(orderId, person, request.deadline()).orElse(null);
        if (order == null) {
            throw OrderProblems.orderNotFound();
        }
        if (!order.person().equals(caller.subject())) {
            // Who was shown whose data: ids only, since a log outlives the data it tells of.
            request.logger().log(
                    "Personal data read: operation=getOrder caller=" + caller.logged() + " order=" + order.orderId()
                            + " correlationId=" + request.correlationId(),
                    LogLevel.INFO);
        }
        return Response.json(200, order::write);
    }

    /** For tests: what runs before a snapshot. */
    Checkpoint checkpoint() {
        return checkpoint;
    }
}

package webapp.backup;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** By this {@link Tables}, which also fails and dies when it is told to, is known to answer as AWS's DynamoDB Local does. */
class LedgerOnDynamoDbLocalTest extends LedgerTest {
    private static DynamoDbLocal dynamoDb;

    @BeforeAll
    static void start() throws Exception {
        dynamoDb = new DynamoDbLocal();
    }

    @AfterAll
    static void stop() throws Exception {
        dynamoDb.close();
    }

    @Override
    DynamoDbClient client() {
        DynamoDbClient client = dynamoDb.client("eu-central-1");
        DynamoDbLocal.createTable(client, table);
        return client;
    }
}

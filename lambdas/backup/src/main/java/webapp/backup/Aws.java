package webapp.backup;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The clients of AWS, by region; asked for one again, it is the same. */
interface Aws {
    RdsClient rds(String region);

    DynamoDbClient dynamoDb(String region);

    KmsClient kms(String region);

    LambdaClient lambda(String region);

    S3Client s3(String region);
}

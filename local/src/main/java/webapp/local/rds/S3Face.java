package webapp.local.rds;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import webapp.local.host.LoopbackServer.Request;
import webapp.local.host.LoopbackServer.Response;

/**
 * As much of S3 as a reader of exports asks: ListObjectsV2, HeadObject and GetObject of buckets by path, with ReplicationStatus.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html">ListObjectsV2</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html">HeadObject</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html">Replication status</a>
 */
final class S3Face {
    private static final int MOST_KEYS = 1000;
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final RdsDouble rds;

    S3Face(RdsDouble rds) {
        this.rds = rds;
    }

    /** What a request asks for: the action, the bucket, the key and the query, in one map. */
    Map<String, String> read(Request request) {
        int question = request.path().indexOf('?');
        String path = question < 0 ? request.path() : request.path().substring(0, question);
        Map<String, String> parameters = new LinkedHashMap<>();
        if (question >= 0) {
            parameters.putAll(Parameters.decode(request.path().substring(question + 1).getBytes(UTF_8)).asMap());
        }
        int slash = path.indexOf('/', 1);
        String key = slash < 0 ? "" : Parameters.decode(path.substring(slash + 1).replace("+", "%2B"));
        parameters.put("Bucket", slash < 0 ? path.substring(1) : path.substring(1, slash));
        parameters.put("Key", key);
        parameters.put("Action", action(request.method(), key));
        return parameters;
    }

    private static String action(String method, String key) {
        return switch (method) {
            case "GET" -> key.isEmpty() ? "ListObjectsV2" : "GetObject";
            case "HEAD" -> key.isEmpty() ? "HeadBucket" : "HeadObject";
            default -> method;
        };
    }

    Response answer(Map<String, String> in) {
        Bucket bucket = rds.buckets.get(in.get("Bucket"));
        if (bucket == null) {
            throw new Refusal(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        if (bucket.region.isOut()) {
            throw Refusal.of("ServiceUnavailable", "The region " + bucket.region.name() + " is out.");
        }
        if (bucket.denied) {
            throw new Refusal(403, "AccessDenied", "Access Denied");
        }
        return switch (in.get("Action")) {
            case "ListObjectsV2" -> list(bucket, in);
            case "HeadBucket" -> new Response(200, Map.of("x-amz-bucket-region", bucket.region.name()), new byte[0]);
            case "HeadObject", "GetObject" -> object(bucket, in.get("Key"));
            default -> throw new Refusal(501, "NotImplemented", "The double reads buckets only");
        };
    }

    static Response refused(Refusal refusal) {
        Xml xml = new Xml(256).open("Error").add("Code", refusal.code()).add("Message", refusal.getMessage()).close("Error");
        return new Response(refusal.status(), Map.of("Content-Type", "application/xml"), xml.bytes());
    }

    private static Response list(Bucket bucket, Map<String, String> in) {
        String prefix = in.getOrDefault("prefix", "");
        String after = in.getOrDefault("continuation-token", in.getOrDefault("start-after", ""));
        int most = Math.min(MOST_KEYS, Integer.parseInt(in.getOrDefault("max-keys", Integer.toString(MOST_KEYS))));
        boolean encode = "url".equals(in.get("encoding-type"));
        Function<String, String> name = key -> encode ? URLEncoder.encode(key, UTF_8).replace("%2F", "/") : key;
        List<String> found = new ArrayList<>();
        for (String key : bucket.objects.tailMap(prefix.compareTo(after) > 0 ? prefix : after, true).keySet()) {
            if (!key.startsWith(prefix) && key.compareTo(prefix) > 0) {
                break;
            }
            if (key.startsWith(prefix) && key.compareTo(after) > 0 && found.size() <= most) {
                found.add(key);
            }
        }
        boolean more = found.size() > most;
        List<String> page = more ? found.subList(0, most) : found;
        Xml xml = new Xml(1024).open("ListBucketResult", "http://s3.amazonaws.com/doc/2006-03-01/").add("Name", bucket.name)
                .add("Prefix", name.apply(prefix)).add("KeyCount", page.size()).add("MaxKeys", most).add("IsTruncated", more)
                .add("EncodingType", encode ? "url" : null).add("NextContinuationToken", more ? page.get(page.size() - 1) : null);
        for (String key : page) {
            Bucket.StoredObject object = bucket.objects.get(key);
            xml.open("Contents").add("Key", name.apply(key)).add("LastModified", object.modified()).add("ETag", tag(object))
                    .add("Size", object.content().length).add("StorageClass", "STANDARD").close("Contents");
        }
        return new Response(200, Map.of("Content-Type", "application/xml"), xml.close("ListBucketResult").bytes());
    }

    private static Response object(Bucket bucket, String key) {
        Bucket.StoredObject object = bucket.objects.get(key);
        if (object == null) {
            throw new Refusal(404, "NoSuchKey", "The specified key does not exist.");
        }
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", "application/octet-stream");
        headers.put("ETag", tag(object));
        headers.put("Last-Modified", HTTP_DATE.format(object.modified()));
        if (object.replication() != null) {
            headers.put("x-amz-replication-status", object.replication());
        }
        if (object.keyArn() != null) {
            headers.put("x-amz-server-side-encryption", "aws:kms");
            headers.put("x-amz-server-side-encryption-aws-kms-key-id", object.keyArn());
        }
        return new Response(200, headers, object.content());
    }

    private static String tag(Bucket.StoredObject object) {
        return '"' + UUID.nameUUIDFromBytes(object.content()).toString().replace("-", "") + '"';
    }
}

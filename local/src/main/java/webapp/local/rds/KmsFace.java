package webapp.local.rds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import webapp.local.host.LoopbackServer.Request;
import webapp.local.host.LoopbackServer.Response;

/** KMS's <a href="https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html">DescribeKey</a> of the double's keys. */
final class KmsFace {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RdsDouble rds;

    KmsFace(RdsDouble rds) {
        this.rds = rds;
    }

    Map<String, String> read(Request request) {
        String target = request.headers().getOrDefault("X-Amz-Target", "");
        try {
            JsonNode body = JSON.readTree(request.body());
            Map<String, String> parameters = new LinkedHashMap<>();
            parameters.put("Action", target.substring(target.indexOf('.') + 1));
            parameters.put("KeyId", body.path("KeyId").asText());
            return parameters;
        } catch (IOException e) {
            throw new IllegalArgumentException("A request to KMS is not JSON", e);
        }
    }

    Response answer(RdsRegion region, Map<String, String> in) {
        if (!in.get("Action").equals("DescribeKey")) {
            throw new Refusal(400, "UnknownOperationException", "The double has no action " + in.get("Action"));
        }
        KmsKey key = rds.key(region, in.get("KeyId"));
        if (key == null) {
            throw new Refusal(400, "NotFoundException", "Key '" + in.get("KeyId") + "' does not exist");
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("AWSAccountId", key.arn().split(":")[4]);
        metadata.put("KeyId", key.id);
        metadata.put("Arn", key.arn());
        metadata.put("CreationDate", key.created.getEpochSecond());
        metadata.put("Enabled", key.state().equals("Enabled"));
        metadata.put("KeyState", key.state());
        metadata.put("KeyUsage", "ENCRYPT_DECRYPT");
        metadata.put("KeySpec", "SYMMETRIC_DEFAULT");
        metadata.put("KeyManager", key.name.startsWith("alias/aws/") ? "AWS" : "CUSTOMER");
        metadata.put("Origin", "AWS_KMS");
        metadata.put("MultiRegion", false);
        return json(200, Map.of("KeyMetadata", metadata));
    }

    static Response refused(Refusal refusal) {
        return json(refusal.status(), Map.of("__type", refusal.code(), "message", refusal.getMessage()));
    }

    private static Response json(int status, Map<String, ?> body) {
        try {
            return new Response(status, Map.of("Content-Type", "application/x-amz-json-1.1"), JSON.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Writing an answer of KMS", e);
        }
    }
}

package webapp.local.host;

import java.util.HashMap;
import java.util.Map;

/** Version 1 of a function of the test's jar; a test sets what it is about. */
final class DeploymentBuilder {
    private static final CodeJar FIRST_BUILD = CodeJar.marked("first build");

    private final String functionName;
    private final Map<String, String> environment = new HashMap<>();
    private String handler;
    private int memorySize = 256;
    private int timeout = 20;
    private boolean snapStart;
    private CodeJar code = FIRST_BUILD;
    private String roleArn;
    private Deployment.Logging logging;
    private String region = "eu-central-1";

    DeploymentBuilder(String functionName, Class<?> handler) {
        this.functionName = functionName;
        this.handler = handler.getName();
        this.roleArn = "arn:aws:iam::000000000000:role/" + functionName;
        this.logging = Deployment.Logging.text(functionName);
    }

    DeploymentBuilder handler(String name) {
        handler = name;
        return this;
    }

    DeploymentBuilder environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    DeploymentBuilder memorySize(int megabytes) {
        memorySize = megabytes;
        return this;
    }

    DeploymentBuilder timeout(int seconds) {
        timeout = seconds;
        return this;
    }

    DeploymentBuilder snapStart() {
        snapStart = true;
        return this;
    }

    DeploymentBuilder code(CodeJar jar) {
        code = jar;
        return this;
    }

    DeploymentBuilder roleArn(String arn) {
        roleArn = arn;
        return this;
    }

    DeploymentBuilder region(String name) {
        region = name;
        return this;
    }

    DeploymentBuilder logging(Deployment.Logging configured) {
        logging = configured;
        return this;
    }

    Deployment build() {
        return new Deployment(functionName, "1", "arn:aws:lambda:" + region + ":000000000000:function:" + functionName + ":1", handler,
                "java21", memorySize, timeout, environment, roleArn, code.sha256(), snapStart, logging, code::bytes);
    }
}

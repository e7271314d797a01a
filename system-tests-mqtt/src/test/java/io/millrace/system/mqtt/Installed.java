package io.millrace.system.mqtt;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Clients that are programs of their own and have to be installed. Where one is not, its tests are
/// left out.
final class Installed {
    private static final Path FOLDER = Path.of("clients");

    /// The system's own, as its packages are not for others.
    private static final String PYTHON = "/usr/bin/python3";

    private Installed() {}

    static TestClient mosquitto(int version, Path folder) {
        assumeThat(isOnPath("mosquitto_pub")).as("mosquitto_pub is on the PATH").isTrue();
        return new MosquittoClient(version, folder);
    }

    static TestClient pahoPython(int version) throws IOException, InterruptedException {
        assumeThat(Path.of(PYTHON)).isExecutable();
        Process probe = new ProcessBuilder(PYTHON, "-c", "import paho.mqtt.client").start();
        assumeThat(probe.waitFor()).as("python3-paho-mqtt is installed").isZero();
        return ScriptClient.start(
                PYTHON, FOLDER.resolve("paho_lines.py").toString(), Integer.toString(version));
    }

    static TestClient mqttJs(int version) throws IOException {
        assumeThat(FOLDER.resolve("node_modules/mqtt"))
                .as("MQTT.js is installed: npm ci in system-tests-mqtt/clients")
                .isDirectory();
        return ScriptClient.start(
                "node", FOLDER.resolve("mqtt_lines.mjs").toString(), Integer.toString(version));
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}

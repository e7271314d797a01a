package io.millrace.example.building41;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Publishes over MQTT: the signals of each part of the building over the connection of its
/// controller, so they keep their order within it.
final class MqttOutlet implements Outlet {
    private final Map<String, Controller> byRoom = new HashMap<>();
    private final List<Controller> controllers;
    private final List<Thread> threads = new ArrayList<>();

    /// @param backlogMax how many signals may wait in all controllers together
    MqttOutlet(
            Building building, Way.Mqtt way, int backlogMax, PrintStream out, Duration pauseMin) {
        Wiring wiring = way.wiring();
        long places = building.rooms().stream().map(wiring::placeOf).distinct().count();
        int each = Math.toIntExact(backlogMax / places);
        Reach reach = new Reach(way.toString(), out, () -> tally().unsent());
        Map<String, Controller> byPlace = new LinkedHashMap<>();
        for (Room room : building.rooms()) {
            Controller controller =
                    byPlace.computeIfAbsent(
                            wiring.placeOf(room),
                            place ->
                                    new Controller(
                                            way,
                                            place,
                                            wiring.clientIdOf(room),
                                            new Backlog(each),
                                            reach,
                                            out,
                                            pauseMin));
            byRoom.put(room.context(), controller);
        }
        controllers = List.copyOf(byPlace.values());
        for (Controller controller : controllers) {
            threads.add(Thread.ofVirtual().start(controller));
        }
    }

    @Override
    public void add(List<Signal> signals) {
        Map<Controller, List<Signal>> byController = new LinkedHashMap<>();
        for (Signal signal : signals) {
            byController.computeIfAbsent(controllerOf(signal), _ -> new ArrayList<>()).add(signal);
        }
        byController.forEach(Controller::add);
    }

    private Controller controllerOf(Signal signal) {
        String room = signal.context().substring(0, signal.context().lastIndexOf("/sensors/"));
        Controller controller = byRoom.get(room);
        if (controller == null) {
            throw new IllegalArgumentException("there is no controller for " + signal.context());
        }
        return controller;
    }

    @Override
    public void close(Duration patience) throws InterruptedException {
        controllers.forEach(Controller::close);
        Instant end = Instant.now().plus(patience);
        for (Thread thread : threads) {
            Duration left = Duration.between(Instant.now(), end);
            if (!left.isPositive() || !thread.join(left)) {
                thread.interrupt();
            }
        }
    }

    @Override
    public Tally tally() {
        return controllers.stream().map(Controller::tally).reduce(Tally.NONE, Tally::plus);
    }
}

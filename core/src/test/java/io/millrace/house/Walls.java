package io.millrace.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;

/// The walls of ARCHITECTURE.md: which room (package) may know which, and what only `io` may touch.
///
/// A room's own packages below it (`event.format`) count as the room. A room that is not in the
/// table is a problem, so that nobody builds one without giving it a place.
public final class Walls {
    private final String root;
    private final Map<String, Set<String>> allowed;

    /// @param root the package that holds the rooms
    /// @param allowed for each room, the other rooms that it may know
    Walls(String root, Map<String, Set<String>> allowed) {
        this.root = root;
        this.allowed = allowed;
    }

    /// The walls within core.
    public static Walls ofCore(String root) {
        return new Walls(root, coreTable());
    }

    /// The walls around core: who of the other modules may know what.
    public static Walls ofModules(String root) {
        Map<String, Set<String>> table = coreTable();
        // What the front door takes and gives; behind it lie log, shard, cursor and the rest.
        Set<String> door =
                Set.of(
                        "event",
                        "error",
                        "io",
                        "config",
                        "metric",
                        "security",
                        "resource",
                        "stream",
                        "router",
                        "schedule",
                        "group",
                        "letter",
                        "view",
                        "broker");
        Set<String> gateway = new LinkedHashSet<>(door);
        // Record batches and regions of files, which pass through the door as they are.
        gateway.add("log");
        table.put("gateway", gateway);
        Set<String> push = new LinkedHashSet<>(door);
        push.add("delivery");
        table.put("connect", push);
        Set<String> query = new LinkedHashSet<>(door);
        // Records as they lie in the log, read beside the shards.
        query.add("log");
        table.put("query", query);
        table.put("dashboard", Set.of());
        table.put("cli", Set.of("event", "error"));
        table.put("example", Set.of());
        Set<String> server = new LinkedHashSet<>(table.keySet());
        server.removeAll(Set.of("cli", "example"));
        table.put("server", server);
        return new Walls(root, table);
    }

    private static Map<String, Set<String>> coreTable() {
        Map<String, Set<String>> table = new LinkedHashMap<>();
        table.put("error", Set.of());
        layer(table, "event");
        layer(table, "io");
        layer(table, "config", "metric");
        layer(table, "log", "security", "delivery");
        layer(table, "producer");
        layer(table, "shard", "resource");
        layer(table, "stream", "cursor", "keyed", "schedule");
        layer(table, "letter");
        layer(table, "group");
        layer(table, "queue", "router", "dispatch", "view", "registry");
        layer(table, "broker");
        return table;
    }

    /// Adds rooms that know all rooms before them and not each other.
    private static void layer(Map<String, Set<String>> table, String... rooms) {
        Set<String> below = Set.copyOf(table.keySet());
        for (String room : rooms) {
            table.put(room, below);
        }
    }

    /// Everything that goes through a wall; empty if nothing does.
    public List<String> problems(JavaClasses classes) {
        List<String> problems = new ArrayList<>(roomsWithoutPlace(classes));
        allowed.forEach((room, known) -> {
            Set<String> forbidden = new TreeSet<>(allowed.keySet());
            forbidden.removeAll(known);
            forbidden.remove(room);
            String[] packages = forbidden.stream().map(this::packageOf).toArray(String[]::new);
            problems.addAll(
                    noClasses()
                            .that()
                            .resideInAPackage(packageOf(room))
                            .should()
                            .dependOnClassesThat(resideInAnyPackage(packages))
                            .allowEmptyShould(true)
                            .evaluate(classes)
                            .getFailureReport()
                            .getDetails());
        });
        return problems;
    }

    private List<String> roomsWithoutPlace(JavaClasses classes) {
        Set<String> unknown = new TreeSet<>();
        for (JavaClass each : classes) {
            String name = each.getPackageName();
            if (name.startsWith(root + ".")) {
                String rest = name.substring(root.length() + 1);
                String room = rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest;
                if (!allowed.containsKey(room)) {
                    unknown.add("the room " + name + " has no place in the table of walls");
                }
            }
        }
        return List.copyOf(unknown);
    }

    /// Circles among the packages inside a room such as `gateway.http`, and packages in it that
    /// know the one that holds them, where everything is put together; empty if there are none.
    public List<String> circles(JavaClasses classes, String room) {
        String whole = root + "." + room;
        List<String> problems =
                new ArrayList<>(
                        SlicesRuleDefinition.slices()
                                .matching(whole + ".(*)..")
                                .should()
                                .beFreeOfCycles()
                                .allowEmptyShould(true)
                                .evaluate(classes)
                                .getFailureReport()
                                .getDetails());
        problems.addAll(
                noClasses()
                        .that()
                        .resideInAPackage(whole + ".*..")
                        .should()
                        .dependOnClassesThat(resideInAPackage(whole))
                        .allowEmptyShould(true)
                        .evaluate(classes)
                        .getFailureReport()
                        .getDetails());
        return problems;
    }

    private String packageOf(String room) {
        return root + "." + room + "..";
    }

    /// Uses of clock, files, randomness and threads outside `io`; empty if there are none.
    public List<String> doorProblems(JavaClasses classes) {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and(DescribedPredicate.not(resideInAPackage(packageOf("io"))))
                .should()
                .accessTargetWhere(opensADoor())
                .allowEmptyShould(true)
                .evaluate(classes)
                .getFailureReport()
                .getDetails();
    }

    private static DescribedPredicate<JavaAccess<?>> opensADoor() {
        return DescribedPredicate.describe(
                "opens a door to clock, files, randomness or threads",
                access -> {
                    JavaClass owner = access.getTargetOwner();
                    String name = access.getTarget().getName();
                    return readsAClock(owner, name)
                            || touchesFiles(owner)
                            || rolls(owner, name)
                            || startsThreads(owner, name);
                });
    }

    private static boolean readsAClock(JavaClass owner, String name) {
        boolean system = owner.isEquivalentTo(System.class);
        return (system && (name.equals("currentTimeMillis") || name.equals("nanoTime")))
                || (owner.getPackageName().equals("java.time") && name.equals("now"))
                || (owner.isEquivalentTo(java.time.Clock.class) && name.startsWith("system"));
    }

    private static boolean touchesFiles(JavaClass owner) {
        return owner.isEquivalentTo(java.nio.file.Files.class)
                || owner.isEquivalentTo(java.nio.channels.FileChannel.class)
                || owner.isEquivalentTo(java.io.File.class)
                || owner.isEquivalentTo(java.io.RandomAccessFile.class)
                || owner.isEquivalentTo(java.io.FileInputStream.class)
                || owner.isEquivalentTo(java.io.FileOutputStream.class);
    }

    private static boolean rolls(JavaClass owner, String name) {
        return owner.isEquivalentTo(java.util.Random.class)
                || owner.isEquivalentTo(java.security.SecureRandom.class)
                || owner.isEquivalentTo(java.util.SplittableRandom.class)
                || owner.isEquivalentTo(ThreadLocalRandom.class)
                || (owner.isEquivalentTo(Math.class) && name.equals("random"))
                || (owner.isEquivalentTo(java.util.UUID.class) && name.equals("randomUUID"));
    }

    private static boolean startsThreads(JavaClass owner, String name) {
        boolean thread = owner.isEquivalentTo(Thread.class);
        return (thread && Set.of("<init>", "start", "sleep", "startVirtualThread").contains(name))
                || (thread && name.startsWith("of"))
                || owner.isEquivalentTo(Executors.class)
                || owner.isEquivalentTo(ForkJoinPool.class)
                || owner.isEquivalentTo(java.util.Timer.class);
    }
}

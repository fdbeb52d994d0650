package io.dray.cli.cluster;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A router, sidecars and agents as processes of this machine. Sidecars and router are started again {@value
 * #RESTART_SECONDS} s after they died; an agent is not. Closing ends all children, agents first; when this process is
 * told to stop, a shutdown hook ends them all at once. Thread-safe: the list of children is guarded by this object's lock, which is
 * not held while a process starts or ends.
 */
public final class LocalCluster implements AutoCloseable {
    private static final int RESTART_SECONDS = 5;
    /** A child that dies with its parent, as at Ctrl-C, is no loss to tell. */
    private static final long TELL_AFTER_MILLIS = 300;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration HURRY = Duration.ofSeconds(2);

    private final ClusterPlan plan;
    private final JavaCommand java;
    private final Consumer<String> events;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread hook = new Thread(this::onShutdown, "cluster-shutdown");
    private final Runnable stopped;
    private final List<Member> members = new ArrayList<>();

    private LocalCluster(ClusterPlan plan, JavaCommand java, Consumer<String> events, Runnable stopped) {
        this.plan = plan;
        this.java = java;
        this.events = events;
        this.stopped = stopped;
    }

    /** The kind of a child, in the order of start. */
    private enum Role {
        ROUTER,
        SIDECAR,
        AGENT
    }

    /** A child by its name; replaced when it is started again. */
    private record Member(Role role, Child child, ReadyLine ready) {}

    /**
     * Starts the router and all sidecars and returns when they serve.
     *
     * @param plan what to start
     * @param events told one line whenever a child died or is back; called on any thread
     * @param stopped called on a thread of its own when this process was told to stop and all children have ended
     * @throws CommandException if one of them does not come up; the others are ended
     */
    public static LocalCluster start(ClusterPlan plan, Consumer<String> events, Runnable stopped) {
        LocalCluster cluster = new LocalCluster(plan, JavaCommand.ofThisProcess(), events, stopped);
        Runtime.getRuntime().addShutdownHook(cluster.hook);
        try {
            cluster.startAll();
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** Where data, logs and sockets lie. */
    public Path folder() {
        return plan.folder();
    }

    /** Where the router listens: host:port. */
    public String router() {
        return member(ClusterPlan.ROUTER).ready().text("listen");
    }

    /** Where the router's meters are: host:port. */
    public String routerAdmin() {
        return member(ClusterPlan.ROUTER).ready().text("admin");
    }

    /** The sidecars, in the order of the plan. */
    public List<LocalNode> nodes() {
        return plan.nodes().stream().map(this::node).toList();
    }

    /** One sidecar by its name. */
    public LocalNode node(String name) {
        ReadyLine ready = member(name).ready();
        return new LocalNode(
                name,
                plan.socket(name),
                ready.text("agents"),
                ready.text("peers"),
                ready.text("admin"),
                plan.folder().resolve(name + ".log"));
    }

    /**
     * Starts agent processes, each beside the sidecar of its node, and returns when all have said READY.
     */
    public void startAgents(List<AgentProcess> agents) {
        List<Child> started = agents.stream()
                .map(agent -> launch(
                        Role.AGENT,
                        new Child.Plan(
                                agent.name(),
                                agent.mainClass(),
                                agent.words(),
                                Map.of("DRAY_SIDECAR", node(agent.node()).endpoint()),
                                plan.folder())))
                .toList();
        started.forEach(child -> settle(Role.AGENT, child));
    }

    /** An agent process and the node whose sidecar it finds in DRAY_SIDECAR. */
    public record AgentProcess(String name, String node, String mainClass, List<String> words) {
        /** Copies the words. */
        public AgentProcess {
            words = List.copyOf(words);
        }
    }

    /** Ends the router or a sidecar by SIGKILL, by its name, and returns when the process is gone. */
    public void kill(String name) {
        Child child = member(name).child();
        child.process().destroyForcibly();
        child.awaitEnd(PATIENCE);
    }

    /** Whether the children are being ended, so that a failure beside it says nothing new. */
    public boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Names of children that run no longer, with the last words of their logs. */
    public synchronized List<String> deadAgents() {
        return members.stream()
                .filter(member ->
                        member.role() == Role.AGENT && !member.child().process().isAlive())
                .map(member -> member.child().name() + ": " + member.child().lastWords())
                .toList();
    }

    /** Lets all children live on after this process and returns them. */
    public List<ProcessHandle> detach() {
        closing.countDown();
        Runtime.getRuntime().removeShutdownHook(hook);
        List<ProcessHandle> processes = new ArrayList<>();
        for (Member member : release()) {
            try {
                member.child().detach();
                processes.add(member.child().process().toHandle());
            } catch (IOException e) {
                events.accept(
                        "%s could not be kept: %s".formatted(member.child().name(), e.getMessage()));
            }
        }
        return processes;
    }

    @Override
    public void close() {
        closeChildren();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the hook is what runs: the process is ending
        }
    }

    private void startAll() {
        try {
            for (String node : plan.nodes()) {
                PrivateFolder.create(plan.folder().resolve(node));
            }
            PrivateFolder.create(plan.folder().resolve(ClusterPlan.ROUTER));
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED, "cannot write into %s: %s".formatted(plan.folder(), e.getMessage()), e);
        }
        settle(Role.ROUTER, launch(Role.ROUTER, plan.router("127.0.0.1:" + plan.routerPort(), ClusterPlan.ANY_PORT)));
        String first = plan.nodes().getFirst();
        List<Child> sidecars = plan.nodes().stream()
                .map(node -> {
                    String agents = "127.0.0.1:" + (node.equals(first) ? plan.agentPort() : 0);
                    var ports = new ClusterPlan.Ports(agents, ClusterPlan.ANY_PORT, ClusterPlan.ANY_PORT);
                    return plan.sidecar(node, router(), ports);
                })
                .map(child -> launch(Role.SIDECAR, child))
                .toList();
        sidecars.forEach(child -> settle(Role.SIDECAR, child));
    }

    private Child launch(Role role, Child.Plan child) {
        if (closing.getCount() == 0) {
            throw new CommandException(ExitCode.INTERRUPTED, "the mesh is being stopped");
        }
        Child started = Child.start(java, child);
        put(new Member(role, started, ReadyLine.none()));
        return started;
    }

    private void settle(Role role, Child child) {
        Member member = new Member(role, child, child.awaitReady());
        put(member);
        if (role != Role.AGENT) {
            Thread.ofVirtual().name("keep-" + child.name()).start(() -> keep(member));
        }
    }

    /** Waits for the end of a child and starts it again, until the cluster closes. */
    private void keep(Member member) {
        try {
            int exit = member.child().process().waitFor();
            String name = member.child().name();
            if (closing.await(TELL_AFTER_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
            events.accept("%s ended (exit code %d); starting it again in %d s".formatted(name, exit, RESTART_SECONDS));
            if (closing.await(RESTART_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
            settle(member.role(), launch(member.role(), again(member)));
            events.accept(name + " is back");
        } catch (CommandException e) {
            if (closing.getCount() > 0) {
                events.accept(String.valueOf(e.getMessage()));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The same child at the ports it had, so that those who know it find it. */
    private Child.Plan again(Member member) {
        ReadyLine ready = member.ready();
        String name = member.child().name();
        if (member.role() == Role.ROUTER) {
            return plan.router(ready.text("listen"), ready.text("admin"));
        }
        var ports = new ClusterPlan.Ports(ready.text("agents"), ready.text("peers"), ready.text("admin"));
        return plan.sidecar(name, router(), ports);
    }

    /** All at once: those who would wait for each other are all ending. */
    private void onShutdown() {
        closing.countDown();
        List<Member> ending = snapshot();
        for (Member member : ending) {
            if (member.role() == Role.AGENT) {
                member.child().process().destroyForcibly();
            } else {
                member.child().stop();
            }
        }
        ending.forEach(member -> member.child().awaitEnd(HURRY));
        stopped.run();
    }

    private void closeChildren() {
        closing.countDown();
        for (Role role : List.of(Role.AGENT, Role.SIDECAR, Role.ROUTER)) {
            List<Child> children = snapshot().stream()
                    .filter(member -> member.role() == role)
                    .map(Member::child)
                    .toList();
            children.forEach(Child::stop);
            children.forEach(child -> child.awaitEnd(PATIENCE));
        }
    }

    private synchronized void put(Member member) {
        members.removeIf(old -> old.child().name().equals(member.child().name()));
        members.add(member);
    }

    /** Takes all children out, so that closing ends none of them. */
    private synchronized List<Member> release() {
        List<Member> released = List.copyOf(members);
        members.clear();
        return released;
    }

    private synchronized List<Member> snapshot() {
        return List.copyOf(members);
    }

    private synchronized Member member(String name) {
        return members.stream()
                .filter(member -> member.child().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + ": no such child"));
    }
}

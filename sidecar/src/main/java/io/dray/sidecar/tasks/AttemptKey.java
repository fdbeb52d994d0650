package io.dray.sidecar.tasks;

/** Which try of which task. */
record AttemptKey(String taskId, long token) {
    static AttemptKey of(io.dray.router.v1.Attempt attempt) {
        return new AttemptKey(attempt.getTaskId(), attempt.getToken());
    }

    io.dray.router.v1.Attempt toRouter() {
        return io.dray.router.v1.Attempt.newBuilder()
                .setTaskId(taskId)
                .setToken(token)
                .build();
    }

    io.dray.agent.v1.Attempt toAgent() {
        return io.dray.agent.v1.Attempt.newBuilder()
                .setTaskId(taskId)
                .setToken(token)
                .build();
    }
}

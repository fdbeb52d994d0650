/** The Java SDK: attach to the sidecar of this host, send and receive messages, submit and handle tasks. */
@NullMarked
package io.dray.agent;

import org.jspecify.annotations.NullMarked;

package example.bank;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Function;

/** Serves proofs to a caller inside the bank: GET /proofs/D-… gives a .yzp. */
public final class ProofServer implements AutoCloseable {
  private final HttpServer server;

  public ProofServer(Function<String, byte[]> prove) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/proofs/", exchange -> {
      String number = exchange.getRequestURI().getPath().substring("/proofs/".length());
      byte[] body = null;
      try {
        body = prove.apply(number);
      } catch (RuntimeException unknown) {
        // Not sealed yet, or never heard of: the caller asks again later.
        body = null;
      }
      if (body == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.yinzheng.proof+cbor");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      }
      exchange.close();
    });
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

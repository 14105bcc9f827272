package example.bank;

import com.sun.net.httpserver.HttpServer;
import io.yinzheng.ErrorCode;
import io.yinzheng.YinzhengException;
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
      byte[] body = {};
      int status = 200;
      try {
        body = prove.apply(number);
      } catch (YinzhengException failed) {
        // Not sealed yet, or never heard of: the caller asks again later. A number that is none is the caller's mistake.
        status = failed.code() == ErrorCode.NOT_FOUND ? 404 : failed.code() == ErrorCode.INVALID_NUMBER ? 400 : 500;
        log(status, failed);
      } catch (RuntimeException failed) {
        status = 500;
        log(status, failed);
      }
      if (status == 200) {
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.yinzheng.proof+cbor");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
      } else {
        exchange.sendResponseHeaders(status, -1);
      }
      exchange.close();
    });
    server.start();
  }

  private static void log(int status, RuntimeException failed) {
    if (status == 500) {
      System.getLogger("example.bank").log(System.Logger.Level.ERROR, "a proof cannot be made", failed);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

package webapp.benchmarks.spring;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * The shop's catalog as a Spring Boot application: MVC, JdbcTemplate, HikariCP, Jackson. Named classes in place of a component scan, as the
 * container's documentation advises for a fast start.
 *
 * @see <a href="https://github.com/aws/serverless-java-container/wiki/Quick-start---Spring-Boot3">Quick start: Spring Boot 3</a>
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ProductController.class)
public class CatalogApplication {
    /** One connection, since an execution environment answers one request at a time. */
    @Bean
    HikariDataSource dataSource() {
        HikariDataSource dataSource = new IamDataSource(System.getenv());
        dataSource.setMaximumPoolSize(1);
        dataSource.setMinimumIdle(0);
        // So that Spring Boot can close the pool before a checkpoint.
        dataSource.setAllowPoolSuspension(true);
        return dataSource;
    }
}

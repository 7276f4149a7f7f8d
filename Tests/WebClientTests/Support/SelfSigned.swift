import NIOSSL

/// A certificate for `localhost` that nobody vouches for, made for these tests only.
enum SelfSigned {
    static func context() throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(self.key.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key)))
    }

    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmzCCAUGgAwIBAgIUV0UYfkLK1WeTitAvmSmZM7VKDkwwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjExNTQwMVoYDzIxMjYxMDI5
        MTE1NDAxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAS123zxHYry/gDS3yiMHshFr4s+/oeyK8JLhmKN7hfx8bzWSzCWizCe
        lYFfjGwbm3aPmkeKXuD4qgpwob15vEwqo28wbTAdBgNVHQ4EFgQU+cLmRqmXhr++
        UPFLGxQoklQMTKcwHwYDVR0jBBgwFoAU+cLmRqmXhr++UPFLGxQoklQMTKcwDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDSAAwRQIhALvPoGpR3iqDLIesdCe32sM/2clq3oAUKKu7SLiKEOFyAiA4
        Y85EINhrQ1xTBRgMBvI/UStLU/z+flrd2YLgKVgd2A==
        -----END CERTIFICATE-----

        """

    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkq60w01l6e/9Zist
        iStmwM21ENfNWtj4NXgdAmpAHKKhRANCAAS123zxHYry/gDS3yiMHshFr4s+/oey
        K8JLhmKN7hfx8bzWSzCWizCelYFfjGwbm3aPmkeKXuD4qgpwob15vEwq
        -----END PRIVATE KEY-----

        """
}

// swift-format-ignore-file
internal import Foundation

/// `docs/openapi.json`, byte for byte. Made by `scripts/embed-openapi`; edit the document, not this file.
enum OpenAPIDocument {
    static let bytes = Data(
        ##"""
{
  "openapi": "3.1.0",
  "info": {
    "title": "Concordat coordinator",
    "version": "1.0.0",
    "summary": "The API between a coordinator, the agents of sites, sponsors and leads.",
    "description": "HTTPS with TLS 1.3; HTTP/2 and HTTP/1.1. Agents authenticate by the client certificate that they got at enrolment: it names the site, and no route takes a site from an agent. Sponsors and leads authenticate by a session. Errors are problem documents (RFC 9457) with stable codes. Responses are never to be cached.",
    "license": {
      "name": "Apache-2.0",
      "identifier": "Apache-2.0"
    }
  },
  "servers": [
    {
      "url": "https://{host}:{port}",
      "variables": {
        "host": {
          "default": "localhost"
        },
        "port": {
          "default": "8443"
        }
      }
    }
  ],
  "tags": [
    {
      "name": "service"
    },
    {
      "name": "enrolment",
      "description": "How a site joins."
    },
    {
      "name": "sessions",
      "description": "How sponsors and leads get in."
    },
    {
      "name": "models",
      "description": "Model packages, by digest."
    },
    {
      "name": "studies",
      "description": "Protocols, progress and results."
    },
    {
      "name": "jobs",
      "description": "What agents do."
    }
  ],
  "paths": {
    "/v1/openapi.json": {
      "get": {
        "operationId": "getOpenAPI",
        "summary": "This document",
        "tags": [
          "service"
        ],
        "security": [],
        "responses": {
          "200": {
            "description": "The OpenAPI document.",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      }
    },
    "/v1/enrolments": {
      "post": {
        "operationId": "enrol",
        "summary": "Exchange an invitation for a client certificate",
        "description": "The request's CSR proves the TLS key (P-256), its proof the signing key (Ed25519). The invitation is used when, and only when, the site is enrolled; jobs of studies that wait for the site are issued in the same transaction, and every other unused invitation of the site ends.",
        "tags": [
          "enrolment"
        ],
        "security": [],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {
                "$ref": "#/components/schemas/EnrolmentRequest"
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "The certificate. The same token, request and key again get the same answer.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/EnrolmentResponse"
                }
              }
            }
          },
          "400": {
            "description": "`malformed-request`, `schema-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "403": {
            "description": "`invitation-invalid`, `proof-invalid`, `certificate-revoked`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "409": {
            "description": "`conflict`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "413": {
            "description": "`too-large`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "429": {
            "description": "`too-many-requests`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      }
    },
    "/v1/challenges": {
      "post": {
        "operationId": "requestChallenge",
        "summary": "Ask for a challenge",
        "tags": [
          "sessions"
        ],
        "security": [],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {
                "$ref": "#/components/schemas/ChallengeRequest"
              }
            }
          }
        },
        "responses": {
          "201": {
            "description": "A challenge, good once for two minutes. It looks the same for keys that are not registered.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Challenge"
                }
              }
            }
          },
          "400": {
            "description": "`malformed-request`, `schema-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "413": {
            "description": "`too-large`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "429": {
            "description": "`too-many-requests`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      }
    },
    "/v1/sessions": {
      "post": {
        "operationId": "openSession",
        "summary": "Answer a challenge and open a session",
        "tags": [
          "sessions"
        ],
        "security": [],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {
                "$ref": "#/components/schemas/SessionRequest"
              }
            }
          }
        },
        "responses": {
          "201": {
            "description": "A bearer token for 15 minutes.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Session"
                }
              }
            }
          },
          "400": {
            "description": "`malformed-request`, `schema-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "403": {
            "description": "`unknown-sponsor`, `proof-invalid`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "413": {
            "description": "`too-large`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "429": {
            "description": "`too-many-requests`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      }
    },
    "/v1/models": {
      "post": {
        "operationId": "submitModelManifest",
        "summary": "Hand in a model package's manifest",
        "tags": [
          "models"
        ],
        "security": [
          {
            "session": []
          }
        ],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {
                "type": "object"
              }
            }
          },
          "description": "The bytes of `model.json`, at most 256 KiB; the model's digest is their SHA-256. The coordinator reads `files` alone: 1 to 32 entries with `sha256` and `size`."
        },
        "responses": {
          "200": {
            "description": "The model's digest, and the files that are still missing. The same manifest again changes nothing.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/ModelManifestReceipt"
                }
              }
            }
          },
          "400": {
            "description": "`malformed-request`, `schema-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "401": {
            "description": "`unauthenticated`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "403": {
            "description": "`forbidden`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "413": {
            "description": "`too-large`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      }
    },
    "/v1/models/{digest}/manifest": {
      "get": {
        "operationId": "getModelManifest",
        "summary": "The bytes of a manifest",
        "description": "An agent reads the models that it has a job on; any other looks like none.",
        "tags": [
          "models"
        ],
        "security": [
          {
            "agentCertificate": []
          },
          {
            "session": []
          }
        ],
        "parameters": [
          {
            "$ref": "#/components/parameters/modelDigest"
          }
        ],
        "responses": {
          "200": {
            "description": "The manifest as it was handed in.",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object"
                }
              }
            }
          },
          "401": {
            "description": "`certificate-required`, `unauthenticated`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "403": {
            "description": "`certificate-revoked`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "404": {
            "description": "`not-found`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      }
    },
    "/v1/models/{digest}/files/{sha256}": {
      "get": {
        "operationId": "getModelFile",
        "summary": "A file of a model package, or a part of it",
        "tags": [
          "models"
        ],
        "security": [
          {
            "agentCertificate": []
          },
          {
            "session": []
          }
        ],
        "parameters": [
          {
            "$ref": "#/components/parameters/modelDigest"
          },
          {
            "$ref": "#/components/parameters/fileDigest"
          },
          {
            "name": "Range",
            "in": "header",
            "description": "One range of bytes; several are ignored and give the whole file.",
            "schema": {
              "type": "string"
            },
            "example": "bytes=1048576-"
          }
        ],
        "responses": {
          "200": {
            "description": "The file.",
            "headers": {
              "Accept-Ranges": {
                "description": "`bytes`",
                "schema": {
                  "type": "string"
                }
              }
            },
            "content": {
              "application/octet-stream": {
                "schema": {
                  "type": "string",
                  "format": "binary"
                }
              }
            }
          },
          "206": {
            "description": "The part that was asked for.",
            "headers": {
              "Content-Range": {
                "description": "RFC 9110, section 14.4",
                "schema": {
                  "type": "string"
                }
              }
            },
            "content": {
              "application/octet-stream": {
                "schema": {
                  "type": "string",
                  "format": "binary"
                }
              }
            }
          },
          "401": {
            "description": "`certificate-required`, `unauthenticated`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "403": {
            "description": "`certificate-revoked`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "404": {
            "description": "`not-found`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "416": {
            "description": "`range-not-satisfiable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "422": {
            "description": "`model-incomplete`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      },
      "put": {
        "operationId": "putModelFile",
        "summary": "Upload a file of a model package",
        "description": "Size and digest must be those of the manifest. The file is there complete or not at all. A file has one upload at a time; another one meanwhile is a `conflict`.",
        "tags": [
          "models"
        ],
        "security": [
          {
            "session": []
          }
        ],
        "parameters": [
          {
            "$ref": "#/components/parameters/modelDigest"
          },
          {
            "$ref": "#/components/parameters/fileDigest"
          }
        ],
        "requestBody": {
          "required": true,
          "content": {
            "application/octet-stream": {
              "schema": {
                "type": "string",
                "format": "binary"
              }
            }
          }
        },
        "responses": {
          "201": {
            "description": "Stored."
          },
          "204": {
            "description": "It was here already."
          },
          "401": {
            "description": "`unauthenticated`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "403": {
            "description": "`forbidden`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "404": {
            "description": "`not-found`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "409": {
            "description": "`conflict`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "422": {
            "description": "`digest-mismatch`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      }
    },
    "/v1/studies": {
      "get": {
        "operationId": "listStudies",
        "summary": "The studies that the caller may see",
        "tags": [
          "studies"
        ],
        "security": [
          {
            "session": []
          }
        ],
        "responses": {
          "200": {
            "description": "The oldest first. A lead sees every study, a sponsor those that it submitted; any other study, with its documents, is `not-found` to a sponsor.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/StudyList"
                }
              }
            }
          },
          "401": {
            "description": "`unauthenticated`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      },
      "post": {
        "operationId": "submitStudy",
        "summary": "Submit a signed study protocol",
        "description": "The envelope must be signed by the key of the session, which is a registered sponsor's; a protocol that only others signed is `forbidden`. The study's id is the protocol's identifier and the first 12 digits of its digest. Invited sites that enrol later get their job then. What another sponsor has submitted is a `conflict`.",
        "tags": [
          "studies"
        ],
        "security": [
          {
            "session": []
          }
        ],
        "requestBody": {
          "required": true,
          "content": {
            "application/vnd.dsse+json": {
              "schema": {
                "$ref": "#/components/schemas/Envelope"
              }
            }
          }
        },
        "responses": {
          "201": {
            "description": "A new study, with a signed job for each invited site that is enrolled.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/StudyStatus"
                }
              }
            }
          },
          "200": {
            "description": "The same protocol is a study already.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/StudyStatus"
                }
              }
            }
          },
          "400": {
            "description": "`malformed-request`, `schema-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "401": {
            "description": "`unauthenticated`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "403": {
            "description": "`forbidden`, `unknown-sponsor`, `bad-signature`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "409": {
            "description": "`version-conflict`, `conflict`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "413": {
            "description": "`too-large`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "422": {
            "description": "`protocol-invalid`, `model-incomplete`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      }
    },
    "/v1/studies/{id}": {
      "get": {
        "operationId": "getStudy",
        "summary": "Where a study stands",
        "tags": [
          "studies"
        ],
        "security": [
          {
            "session": []
          }
        ],
        "parameters": [
          {
            "$ref": "#/components/parameters/studyID"
          },
          {
            "$ref": "#/components/parameters/wait"
          },
          {
            "name": "since",
            "in": "query",
            "description": "A revision that the caller has seen.",
            "schema": {
              "type": "integer",
              "minimum": 0,
              "default": 0
            }
          }
        ],
        "responses": {
          "200": {
            "description": "With `since` and `wait`: as soon as the revision is greater than `since`, or as it stands when the wait is over.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/StudyStatus"
                }
              }
            }
          },
          "400": {
            "description": "`malformed-request`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "401": {
            "description": "`unauthenticated`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "404": {
            "description": "`not-found`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      }
    },
    "/v1/studies/{id}/results": {
      "get": {
        "operationId": "getResults",
        "summary": "The results across sites",
        "tags": [
          "studies"
        ],
        "security": [
          {
            "session": []
          }
        ],
        "parameters": [
          {
            "$ref": "#/components/parameters/studyID"
          }
        ],
        "responses": {
          "200": {
            "description": "A function of the protocol and the releases alone: anybody with the envelopes can compute the same. Its form is `protocols/schema/results.schema.json`.",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object"
                }
              }
            }
          },
          "401": {
            "description": "`unauthenticated`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "404": {
            "description": "`not-found`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      }
    },
    "/v1/studies/{id}/envelopes": {
      "get": {
        "operationId": "listEnvelopes",
        "summary": "The signed documents of a study",
        "tags": [
          "studies"
        ],
        "security": [
          {
            "session": []
          }
        ],
        "parameters": [
          {
            "$ref": "#/components/parameters/studyID"
          }
        ],
        "responses": {
          "200": {
            "description": "The protocol, then each site's job and release in the protocol's order.",
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/EnvelopeList"
                }
              }
            }
          },
          "401": {
            "description": "`unauthenticated`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "404": {
            "description": "`not-found`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      }
    },
    "/v1/envelopes/{digest}": {
      "get": {
        "operationId": "getEnvelope",
        "summary": "The bytes of one signed document",
        "tags": [
          "studies"
        ],
        "security": [
          {
            "session": []
          }
        ],
        "parameters": [
          {
            "$ref": "#/components/parameters/envelopeDigest"
          }
        ],
        "responses": {
          "200": {
            "description": "The envelope; its payload has the digest in the path.",
            "content": {
              "application/vnd.dsse+json": {
                "schema": {
                  "$ref": "#/components/schemas/Envelope"
                }
              }
            }
          },
          "401": {
            "description": "`unauthenticated`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "404": {
            "description": "`not-found`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      }
    },
    "/v1/jobs/next": {
      "get": {
        "operationId": "nextJob",
        "summary": "Wait for a job",
        "tags": [
          "jobs"
        ],
        "security": [
          {
            "agentCertificate": []
          }
        ],
        "parameters": [
          {
            "$ref": "#/components/parameters/wait"
          }
        ],
        "responses": {
          "200": {
            "description": "The oldest job of the certificate's site that has no receipt and has not expired.",
            "content": {
              "application/vnd.dsse+json": {
                "schema": {
                  "$ref": "#/components/schemas/Envelope"
                }
              }
            }
          },
          "204": {
            "description": "There is none."
          },
          "400": {
            "description": "`malformed-request`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "401": {
            "description": "`certificate-required`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "403": {
            "description": "`certificate-revoked`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      }
    },
    "/v1/jobs/{digest}/status": {
      "post": {
        "operationId": "reportStatus",
        "summary": "Report where a job stands",
        "description": "`received` is the receipt. Steps may be skipped, and a report of an earlier step changes nothing; refused, declined and failed end the job. The coordinator itself makes a job `failed: expired` when its time or its protocol's is over.",
        "tags": [
          "jobs"
        ],
        "security": [
          {
            "agentCertificate": []
          }
        ],
        "parameters": [
          {
            "$ref": "#/components/parameters/jobDigest"
          }
        ],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {
                "$ref": "#/components/schemas/JobStatus"
              }
            }
          }
        },
        "responses": {
          "204": {
            "description": "Recorded, or known already."
          },
          "400": {
            "description": "`malformed-request`, `schema-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "401": {
            "description": "`certificate-required`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "403": {
            "description": "`certificate-revoked`, `wrong-site`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "404": {
            "description": "`not-found`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "409": {
            "description": "`status-conflict`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "413": {
            "description": "`too-large`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      }
    },
    "/v1/jobs/{digest}/release": {
      "put": {
        "operationId": "putRelease",
        "summary": "Send a job's release",
        "description": "Signed by the site's enrolled key; it must bind this job, its study, protocol and model, and answer the protocol's plan in its order. The payload has at most 1 MiB. A release that comes when the job's time is over is `expired`; one that is on record may be sent again.",
        "tags": [
          "jobs"
        ],
        "security": [
          {
            "agentCertificate": []
          }
        ],
        "parameters": [
          {
            "$ref": "#/components/parameters/jobDigest"
          }
        ],
        "requestBody": {
          "required": true,
          "content": {
            "application/vnd.dsse+json": {
              "schema": {
                "$ref": "#/components/schemas/Envelope"
              }
            }
          }
        },
        "responses": {
          "201": {
            "description": "Stored; the job has ended."
          },
          "200": {
            "description": "The same bytes are on record."
          },
          "400": {
            "description": "`malformed-request`, `schema-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "401": {
            "description": "`certificate-required`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "403": {
            "description": "`certificate-revoked`, `wrong-site`, `bad-signature`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "404": {
            "description": "`not-found`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "409": {
            "description": "`release-conflict`, `status-conflict`, `expired`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "413": {
            "description": "`too-large`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "422": {
            "description": "`release-invalid`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "500": {
            "description": "`internal-error`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          },
          "503": {
            "description": "`unavailable`",
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/Problem"
                }
              }
            }
          }
        }
      }
    }
  },
  "components": {
    "securitySchemes": {
      "agentCertificate": {
        "type": "mutualTLS",
        "description": "The certificate of an enrolled site."
      },
      "session": {
        "type": "http",
        "scheme": "bearer",
        "description": "A sponsor's or lead's session; leads only read."
      }
    },
    "parameters": {
      "modelDigest": {
        "name": "digest",
        "in": "path",
        "required": true,
        "description": "The model's digest: SHA-256 of its manifest. `sha256:` may be left out.",
        "schema": {
          "type": "string",
          "pattern": "^(sha256:)?[0-9a-f]{64}$"
        }
      },
      "fileDigest": {
        "name": "sha256",
        "in": "path",
        "required": true,
        "description": "SHA-256 of the file. `sha256:` may be left out.",
        "schema": {
          "type": "string",
          "pattern": "^(sha256:)?[0-9a-f]{64}$"
        }
      },
      "jobDigest": {
        "name": "digest",
        "in": "path",
        "required": true,
        "description": "The job's digest. `sha256:` may be left out.",
        "schema": {
          "type": "string",
          "pattern": "^(sha256:)?[0-9a-f]{64}$"
        }
      },
      "envelopeDigest": {
        "name": "digest",
        "in": "path",
        "required": true,
        "description": "SHA-256 of the envelope's payload. `sha256:` may be left out.",
        "schema": {
          "type": "string",
          "pattern": "^(sha256:)?[0-9a-f]{64}$"
        }
      },
      "studyID": {
        "name": "id",
        "in": "path",
        "required": true,
        "schema": {
          "$ref": "#/components/schemas/StudyID"
        }
      },
      "wait": {
        "name": "wait",
        "in": "query",
        "description": "Seconds that the answer may wait for something new. A site or person with 8 such requests open is answered at once.",
        "schema": {
          "type": "integer",
          "minimum": 0,
          "maximum": 25,
          "default": 0
        }
      }
    },
    "schemas": {
      "Digest": {
        "type": "string",
        "pattern": "^sha256:[0-9a-f]{64}$",
        "description": "SHA-256."
      },
      "Timestamp": {
        "type": "string",
        "format": "date-time",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
        "description": "Whole seconds of UTC."
      },
      "SiteID": {
        "type": "string",
        "pattern": "^[a-z0-9][a-z0-9-]{0,62}$"
      },
      "StudyID": {
        "type": "string",
        "pattern": "^[a-z0-9][a-z0-9-]{0,95}$"
      },
      "Envelope": {
        "type": "object",
        "description": "A DSSE 1.0.2 envelope.",
        "properties": {
          "payloadType": {
            "type": "string"
          },
          "payload": {
            "type": "string",
            "contentEncoding": "base64"
          },
          "signatures": {
            "type": "array",
            "minItems": 1,
            "maxItems": 16,
            "items": {
              "type": "object",
              "properties": {
                "keyid": {
                  "type": "string"
                },
                "sig": {
                  "type": "string",
                  "contentEncoding": "base64"
                }
              },
              "required": [
                "keyid",
                "sig"
              ],
              "additionalProperties": false
            }
          }
        },
        "required": [
          "payloadType",
          "payload",
          "signatures"
        ],
        "additionalProperties": false
      },
      "Problem": {
        "type": "object",
        "description": "RFC 9457.",
        "properties": {
          "type": {
            "type": "string",
            "description": "`urn:concordat:problem:` and the code."
          },
          "title": {
            "type": "string"
          },
          "status": {
            "type": "integer"
          },
          "code": {
            "type": "string",
            "description": "Stable; programs decide by it."
          },
          "detail": {
            "type": "string"
          },
          "faults": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/Fault"
            }
          }
        },
        "required": [
          "type",
          "title",
          "status",
          "code"
        ]
      },
      "Fault": {
        "type": "object",
        "properties": {
          "pointer": {
            "type": "string",
            "description": "A JSON pointer into the document that was sent."
          },
          "code": {
            "type": "string"
          },
          "message": {
            "type": "string"
          }
        },
        "required": [
          "pointer",
          "code",
          "message"
        ],
        "additionalProperties": false
      },
      "EnrolmentRequest": {
        "type": "object",
        "properties": {
          "token": {
            "type": "string",
            "description": "Of the invitation."
          },
          "csr": {
            "type": "string",
            "description": "PKCS #10, PEM, P-256."
          },
          "signingKey": {
            "type": "string",
            "description": "Ed25519, SubjectPublicKeyInfo, PEM."
          },
          "proof": {
            "allOf": [
              {
                "$ref": "#/components/schemas/Envelope"
              }
            ],
            "description": "`application/vnd.concordat.enrolment-proof+json`, signed by `signingKey`: `site`, and the digests of `token` and `csr`."
          }
        },
        "required": [
          "token",
          "csr",
          "signingKey",
          "proof"
        ],
        "additionalProperties": false
      },
      "EnrolmentResponse": {
        "type": "object",
        "properties": {
          "certificate": {
            "type": "string",
            "description": "PEM. Its only name is `urn:concordat:site:` and the site."
          },
          "site": {
            "$ref": "#/components/schemas/SiteID"
          },
          "signingKeyFingerprint": {
            "type": "string",
            "description": "To be compared with the agent's own."
          }
        },
        "required": [
          "certificate",
          "site",
          "signingKeyFingerprint"
        ],
        "additionalProperties": false
      },
      "ChallengeRequest": {
        "type": "object",
        "properties": {
          "keyid": {
            "type": "string",
            "description": "Lower-case hex SHA-256 of the key's SubjectPublicKeyInfo."
          }
        },
        "required": [
          "keyid"
        ],
        "additionalProperties": false
      },
      "Challenge": {
        "type": "object",
        "properties": {
          "challenge": {
            "type": "string"
          },
          "expires": {
            "$ref": "#/components/schemas/Timestamp"
          }
        },
        "required": [
          "challenge",
          "expires"
        ],
        "additionalProperties": false
      },
      "SessionRequest": {
        "type": "object",
        "properties": {
          "proof": {
            "allOf": [
              {
                "$ref": "#/components/schemas/Envelope"
              }
            ],
            "description": "`application/vnd.concordat.session-proof+json`: `challenge`, `coordinator` (the authority's fingerprint) and `keyid`."
          }
        },
        "required": [
          "proof"
        ],
        "additionalProperties": false
      },
      "Session": {
        "type": "object",
        "properties": {
          "token": {
            "type": "string"
          },
          "role": {
            "enum": [
              "sponsor",
              "lead"
            ]
          },
          "expires": {
            "$ref": "#/components/schemas/Timestamp"
          }
        },
        "required": [
          "token",
          "role",
          "expires"
        ],
        "additionalProperties": false
      },
      "ModelManifestReceipt": {
        "type": "object",
        "properties": {
          "digest": {
            "$ref": "#/components/schemas/Digest"
          },
          "missing": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/Digest"
            }
          }
        },
        "required": [
          "digest",
          "missing"
        ],
        "additionalProperties": false
      },
      "LocalizedText": {
        "type": "object",
        "properties": {
          "en": {
            "type": "string"
          },
          "zh-Hans": {
            "type": "string"
          }
        },
        "required": [
          "en"
        ],
        "additionalProperties": false
      },
      "StudySummary": {
        "type": "object",
        "properties": {
          "id": {
            "$ref": "#/components/schemas/StudyID"
          },
          "identifier": {
            "type": "string"
          },
          "version": {
            "type": "string"
          },
          "title": {
            "$ref": "#/components/schemas/LocalizedText"
          },
          "sponsor": {
            "type": "string"
          },
          "protocol": {
            "$ref": "#/components/schemas/Digest"
          },
          "state": {
            "enum": [
              "running",
              "complete",
              "partial",
              "failed"
            ]
          },
          "submitted": {
            "$ref": "#/components/schemas/Timestamp"
          },
          "expires": {
            "$ref": "#/components/schemas/Timestamp"
          }
        },
        "required": [
          "id",
          "identifier",
          "version",
          "title",
          "sponsor",
          "protocol",
          "state",
          "submitted",
          "expires"
        ],
        "additionalProperties": false
      },
      "StudyList": {
        "type": "object",
        "properties": {
          "studies": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/StudySummary"
            }
          }
        },
        "required": [
          "studies"
        ],
        "additionalProperties": false
      },
      "StudyStatus": {
        "type": "object",
        "properties": {
          "summary": {
            "$ref": "#/components/schemas/StudySummary"
          },
          "revision": {
            "type": "integer",
            "minimum": 1,
            "description": "Grows with every change."
          },
          "sites": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/SiteProgress"
            }
          }
        },
        "required": [
          "summary",
          "revision",
          "sites"
        ],
        "additionalProperties": false
      },
      "JobStatusCode": {
        "enum": [
          "queued",
          "received",
          "awaiting-job-approval",
          "running",
          "awaiting-release-approval",
          "released",
          "refused",
          "declined",
          "failed"
        ]
      },
      "RefusalCode": {
        "enum": [
          "wrong-site",
          "not-invited",
          "training-site",
          "expired",
          "replayed",
          "unknown-sponsor",
          "bad-signature",
          "protocol-digest-mismatch",
          "model-digest-mismatch",
          "schema-error"
        ]
      },
      "SiteProgress": {
        "type": "object",
        "properties": {
          "site": {
            "$ref": "#/components/schemas/SiteID"
          },
          "code": {
            "$ref": "#/components/schemas/JobStatusCode"
          },
          "reason": {
            "type": "string",
            "description": "The fixed code of `refused`, `declined` or `failed`."
          },
          "job": {
            "allOf": [
              {
                "$ref": "#/components/schemas/Digest"
              }
            ],
            "description": "Absent until the site has enrolled."
          },
          "release": {
            "$ref": "#/components/schemas/Digest"
          },
          "updated": {
            "allOf": [
              {
                "$ref": "#/components/schemas/Timestamp"
              }
            ],
            "description": "To the minute."
          }
        },
        "required": [
          "site",
          "code",
          "updated"
        ],
        "additionalProperties": false
      },
      "JobStatus": {
        "description": "What an agent may report: fixed codes only.",
        "oneOf": [
          {
            "type": "object",
            "properties": {
              "code": {
                "enum": [
                  "received",
                  "awaiting-job-approval",
                  "running",
                  "awaiting-release-approval"
                ]
              }
            },
            "required": [
              "code"
            ],
            "additionalProperties": false
          },
          {
            "type": "object",
            "properties": {
              "code": {
                "const": "refused"
              },
              "reason": {
                "$ref": "#/components/schemas/RefusalCode"
              }
            },
            "required": [
              "code",
              "reason"
            ],
            "additionalProperties": false
          },
          {
            "type": "object",
            "properties": {
              "code": {
                "const": "declined"
              },
              "reason": {
                "enum": [
                  "job-declined",
                  "release-declined",
                  "policy"
                ]
              }
            },
            "required": [
              "code",
              "reason"
            ],
            "additionalProperties": false
          },
          {
            "type": "object",
            "properties": {
              "code": {
                "const": "failed"
              },
              "reason": {
                "$ref": "#/components/schemas/FailureCode"
              }
            },
            "required": [
              "code",
              "reason"
            ],
            "additionalProperties": false
          }
        ]
      },
      "FailureCode": {
        "enum": [
          "catalogue-unavailable",
          "variable-mismatch",
          "model-unavailable",
          "model-invalid",
          "model-failed",
          "model-not-deterministic",
          "not-releasable",
          "release-too-large",
          "expired",
          "resource-exhausted",
          "internal-error"
        ]
      },
      "EnvelopeList": {
        "type": "object",
        "properties": {
          "envelopes": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "digest": {
                  "$ref": "#/components/schemas/Digest"
                },
                "predicateType": {
                  "enum": [
                    "urn:concordat:study-protocol:v1",
                    "urn:concordat:job:v1",
                    "urn:concordat:release:v1"
                  ]
                },
                "site": {
                  "$ref": "#/components/schemas/SiteID"
                }
              },
              "required": [
                "digest",
                "predicateType"
              ],
              "additionalProperties": false
            }
          }
        },
        "required": [
          "envelopes"
        ],
        "additionalProperties": false
      }
    }
  }
}

"""##.utf8)
}
